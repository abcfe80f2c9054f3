import Foundation
import HypeCatalogue
import Testing

@Suite
struct ModelInventoryTests {
    private let entry = CatalogueEntry(
        id: "tiny",
        kind: .optional,
        use: .extra,
        version: "1",
        files: [
            CatalogueFile(
                name: "a.bin",
                check: .pinned(FileFacts(bytes: 3, sha256: String(repeating: "0", count: 64))),
                address: nil
            ),
            CatalogueFile(
                name: "b.bin",
                check: .pinned(FileFacts(bytes: 2, sha256: String(repeating: "0", count: 64))),
                address: nil
            ),
        ],
        licence: "none",
        purpose: "does nothing",
        absence: "Nothing."
    )

    private let shipped = CatalogueEntry(
        id: "own",
        kind: .shipped,
        use: .required,
        version: nil,
        files: [CatalogueFile(name: "own.onnx", check: .sidecar("own.json"), address: nil)],
        licence: "none",
        purpose: "does nothing",
        absence: "Nothing."
    )

    @Test
    func aModelIsThereWhenAllItsFilesAre() throws {
        try Folders(2).with { folders in
            let inventory = ModelInventory(folders: folders)
            #expect(inventory.item(entry).state == .missing)
            try Data("abc".utf8).write(to: folders[1].appendingPathComponent("a.bin"))
            #expect(inventory.item(entry).state == .missing)
            try Data("xy".utf8).write(to: folders[0].appendingPathComponent("b.bin"))
            let item = inventory.item(entry)
            #expect(item.state == .installed)
            #expect(item.bytes == 5)
            #expect(item.version == "1")
        }
    }

    @Test
    func aWrongSizeIsDamageAndTheFirstFolderCounts() throws {
        try Folders(2).with { folders in
            try Data("abc".utf8).write(to: folders[1].appendingPathComponent("a.bin"))
            try Data("xy".utf8).write(to: folders[1].appendingPathComponent("b.bin"))
            try Data("x".utf8).write(to: folders[0].appendingPathComponent("b.bin"))
            let item = ModelInventory(folders: folders).item(entry)
            #expect(item.state == .damaged("1 bytes instead of 2"))
            #expect(item.files[1].url?.path == folders[0].appendingPathComponent("b.bin").path)
        }
    }

    @Test
    func shippedModelsAreDescribedByTheirSidecar() throws {
        try Folders(1).with { folders in
            let inventory = ModelInventory(folders: folders)
            try Data("abcd".utf8).write(to: folders[0].appendingPathComponent("own.onnx"))
            guard case .damaged(let reason) = inventory.item(shipped).state else {
                Issue.record("a model without its sidecar passed")
                return
            }
            #expect(reason.contains("own.json"))
            let sidecar = #"{"name": "own", "version": "1.2.3", "bytes": 4, "sha256": "00", "labels": ["a"]}"#
            try Data(sidecar.utf8).write(to: folders[0].appendingPathComponent("own.json"))
            let item = inventory.item(shipped)
            #expect(item.state == .installed)
            #expect(item.version == "1.2.3")
            #expect(item.files[0].facts == FileFacts(bytes: 4, sha256: "00"))
        }
    }

    @Test
    func theRemedyOfAShippedModelRestoresTheSidecarToo() {
        #expect(shipped.remedy == "git checkout -- Models/own.onnx Models/own.json")
        #expect(entry.remedy == "hypeclip models pull tiny")
    }
}

/// Folders of their own, removed afterwards.
private struct Folders {
    let count: Int

    init(_ count: Int) { self.count = count }

    func with(_ body: ([URL]) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("hypeclip-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let folders = (0..<count).map { root.appendingPathComponent("\($0)") }
        for folder in folders { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        try body(folders)
    }
}
