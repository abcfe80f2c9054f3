import Foundation
import HypeEmotion
import HypeInference

/// The detector nets from the wheels with the tiny expression model, loaded once for all tests.
enum FaceTestModels {
    /// The repository's folder, found from this file's place in it.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Where models lie in the repository.
    static let locator = ModelLocator(directories: [
        repository.appendingPathComponent("Models"), repository.appendingPathComponent(".deps/models"),
    ])

    /// Whether `Scripts/bootstrap` has unpacked the detector nets.
    static let hasDetectors = !locator.missing.contains(.faceShortRange) && !locator.missing.contains(.faceFullRange)

    /// Whether the trained expression model is in the repository.
    static let hasExpression = !locator.missing.contains(.faceExpression)

    /// The runtime of all tests.
    static let core = Result { try InferenceCore() }

    /// The nets with the tiny expression model.
    static let tiny = Result {
        try inTemporaryFolder { folder in
            let core = try core.get()
            return FaceModels(
                shortRange: try core.load(locator.url(of: .faceShortRange)),
                fullRange: try core.load(locator.url(of: .faceFullRange)),
                expression: try core.load(
                    TinyExpressionModel.write(to: folder),
                    inputShapes: ["face": [4, 1, 48, 48]]
                )
            )
        }
    }

    /// Runs a body with a folder of its own, which is removed afterwards.
    static func inTemporaryFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("hypeclip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url)
    }
}
