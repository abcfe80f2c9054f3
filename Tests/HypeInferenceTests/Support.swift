import Foundation

/// Runs a body with a folder of its own, which is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("hypeclip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url)
}

/// The repository's folder, found from this file's place in it.
let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Models that `Scripts/bootstrap` unpacks.
let wheelModels = repository.appendingPathComponent(".deps/models")

/// Whether `Scripts/bootstrap` has unpacked a model.
func hasWheelModel(_ name: String) -> Bool {
    FileManager.default.isReadableFile(atPath: wheelModels.appendingPathComponent(name).path)
}
