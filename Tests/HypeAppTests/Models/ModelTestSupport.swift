import Crypto
import Foundation
import HypeApp
import HypeCatalogue

/// A folder that is removed when the test is done.
final class TestFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "hypeclip-models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name) }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// A model of some megabytes that no catalogue has.
enum TestModel {
    static let content = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) })
    static let facts = facts(of: content)
    static let entry = entry(facts)

    static func facts(of content: Data) -> FileFacts {
        FileFacts(
            bytes: Int64(content.count),
            sha256: SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
        )
    }

    static func entry(_ facts: FileFacts, kind: CatalogueEntry.Kind = .optional) -> CatalogueEntry {
        CatalogueEntry(
            id: "thing",
            kind: kind,
            use: .extra,
            version: "1",
            files: [
                CatalogueFile(
                    name: "thing.bin",
                    check: .pinned(facts),
                    address: "https://example.org/thing.bin",
                    otherNames: ["upstream-thing.bin"]
                )
            ],
            licence: "none",
            purpose: "does nothing",
            absence: "Nothing."
        )
    }
}
