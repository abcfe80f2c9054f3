import Foundation
import HypeApp
import HypeCatalogue
import Testing

@Suite
struct ModelVerificationTests {
    /// Hashes of the examples of FIPS 180-2, and of more than one piece.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ("0123456789", 300_000, "6ca41633343f162f0f0604879eeac607e5e5087adeee2e4247199301968790d0"),
    ])
    func filesAreHashedPieceByPiece(text: String, times: Int, sha256: String) throws {
        let folder = try TestFolder()
        let content = Data(String(repeating: text, count: times).utf8)
        try content.write(to: folder.file("a"))
        #expect(try FileHash.facts(of: folder.file("a")) == FileFacts(bytes: Int64(content.count), sha256: sha256))
    }

    private func verify(_ folder: TestFolder, _ entry: CatalogueEntry) throws -> ModelVerification {
        try ModelVerification(ModelInventory(folders: [folder.url]), entries: [entry])
    }

    @Test
    func aChangedByteIsFoundAndTheRemedyIsSaid() throws {
        let folder = try TestFolder()
        #expect(try verify(folder, TestModel.entry).isInOrder)
        try TestModel.content.write(to: folder.file("thing.bin"))
        #expect(try verify(folder, TestModel.entry).text == "intact    thing")
        var changed = TestModel.content
        changed[2_999_999] ^= 1
        try changed.write(to: folder.file("thing.bin"))
        let damaged = try verify(folder, TestModel.entry)
        #expect(!damaged.isInOrder)
        #expect(damaged.text.contains("DAMAGED"))
        #expect(damaged.text.contains(TestModel.facts.sha256))
        #expect(damaged.text.contains("to mend it: hypeclip models pull thing"))
        let json = String(decoding: try damaged.json(), as: UTF8.self)
        #expect(json.contains(#""ok" : false"#) && json.contains(#""state" : "damaged""#))
    }

    @Test
    func onlyRequiredModelsMustBeThere() throws {
        let folder = try TestFolder()
        let required = try #require(ModelCatalogue.entry("silero-vad"))
        let missing = try verify(folder, required)
        #expect(!missing.isInOrder)
        #expect(missing.text.contains("MISSING"))
        #expect(missing.text.contains("Scripts/bootstrap"))
        for entry in ModelCatalogue.entries where entry.use != .required {
            #expect(try verify(folder, entry).isInOrder, "\(entry.id)")
        }
    }

    @Test(.enabled(if: SharedModels.folder != nil, "needs ../shared/data/models"), arguments: ["yamnet", "yunet"])
    func pinsAreThoseOfTheFiles(id: String) throws {
        let folder = try #require(SharedModels.folder)
        let entry = try #require(ModelCatalogue.entry(id))
        let verification = try ModelVerification(ModelInventory(folders: [folder]), entries: [entry])
        #expect(verification.findings.first?.item.state == .installed)
    }

    @Test(.enabled(if: SharedModels.hasBootstrap, "needs Scripts/bootstrap"))
    func theModelsOfThisCheckoutAreIntact() throws {
        let entries = ModelCatalogue.entries.filter { $0.kind != .optional }
        let folders = ["Models", ".deps/models"].map { SharedModels.repository.appending(path: $0) }
        let verification = try ModelVerification(ModelInventory(folders: folders), entries: entries)
        #expect(verification.isInOrder, "\(verification.text)")
        #expect(verification.findings.allSatisfy { $0.item.version != nil })
    }
}

/// Model files outside of the sources.
enum SharedModels {
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The shared folder of models, or nil.
    static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(filePath: $0) }
        let shared = environment ?? repository.deletingLastPathComponent().appending(path: "shared")
        let folder = shared.appending(path: "data/models")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var hasBootstrap: Bool {
        FileManager.default.fileExists(atPath: repository.appending(path: ".deps/models/.mediapipe.stamp").path)
    }
}
