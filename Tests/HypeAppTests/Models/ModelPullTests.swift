import Foundation
import HypeApp
import HypeCatalogue
import Testing

/// Pulls from folders.
@Suite
struct ModelPullTests {
    private let source: TestFolder
    private let target: TestFolder

    init() throws {
        source = try TestFolder()
        target = try TestFolder()
    }

    private func pull(_ entry: CatalogueEntry = TestModel.entry) async throws -> [ModelPull.Pulled] {
        try await ModelPull(
            inventory: ModelInventory(folders: [target.url]),
            destination: target.url,
            source: .folder(source.url)
        ).pull(entry)
    }

    @Test(arguments: ["thing.bin", "upstream-thing.bin"])
    func aFileIsTakenUnderItsNameOrThatOfItsMakers(name: String) async throws {
        try TestModel.content.write(to: source.file(name))
        #expect(try await pull().map(\.origin) == [.copied])
        #expect(try Data(contentsOf: target.file("thing.bin")) == TestModel.content)
        #expect(target.names == ["thing.bin"])
    }

    @Test
    func aDamagedFileIsReplaced() async throws {
        try TestModel.content.write(to: source.file("thing.bin"))
        try Data(count: TestModel.content.count).write(to: target.file("thing.bin"))
        #expect(try await pull().map(\.origin) == [.copied])
        #expect(try Data(contentsOf: target.file("thing.bin")) == TestModel.content)
    }

    @Test
    func anotherFileOfThatNameIsNotInstalled() async throws {
        try Data("not it".utf8).write(to: source.file("thing.bin"))
        let failure = try await #require(throws: AppFailure.self) { try await pull() }
        #expect(failure.message.contains(TestModel.facts.sha256))
        #expect(failure.message.contains(source.file("thing.bin").path))
        #expect(target.names.isEmpty)
    }

    @Test
    func aFolderWithoutTheFileIsSaidWithTheNames() async throws {
        let failure = try await #require(throws: AppFailure.self) { try await pull() }
        #expect(failure.message.contains("thing.bin or upstream-thing.bin"))
    }

    @Test
    func aFolderThatCannotBeMadeIsSaidWithTheRemedy() async throws {
        try TestModel.content.write(to: source.file("thing.bin"))
        // A file is where the folder should be, which not even root can write into.
        try Data().write(to: target.file("blocked"))
        let pull = ModelPull(
            inventory: ModelInventory(folders: []),
            destination: target.file("blocked"),
            source: .folder(source.url)
        )
        let failure = try await #require(throws: AppFailure.self) { try await pull.pull(TestModel.entry) }
        #expect(failure.message.contains("HYPECLIP_MODEL_PATH"))
    }

    @Test
    func shippedModelsAreRestoredByTheRepository() async throws {
        let shipped = try #require(ModelCatalogue.entries.first { $0.kind == .shipped })
        let failure = try await #require(throws: AppFailure.self) { try await pull(shipped) }
        #expect(failure.message.contains("git checkout -- Models/"))
    }

    @Test
    func wheelModelsAreNotPulledFromTheNetwork() async throws {
        let wheel = try #require(ModelCatalogue.entry("silero-vad"))
        let network = ModelPull(
            inventory: ModelInventory(folders: [target.url]),
            destination: target.url,
            source: .network
        )
        let failure = try await #require(throws: AppFailure.self) { try await network.pull(wheel) }
        #expect(failure.message.contains("Scripts/bootstrap"))
    }
}

/// Pulls models that the user made, which a description beside them describes.
@Suite
struct PreparedModelPullTests {
    private let source: TestFolder
    private let target: TestFolder
    private let entry: CatalogueEntry

    init() throws {
        source = try TestFolder()
        target = try TestFolder()
        entry = try #require(ModelCatalogue.entry("videomae-small-k400"))
    }

    private func pull(_ from: ModelPull.Source? = nil) async throws -> [ModelPull.Pulled] {
        try await ModelPull(
            inventory: ModelInventory(folders: [target.url]),
            destination: target.url,
            source: from ?? .folder(source.url)
        ).pull(entry)
    }

    /// What the exporter leaves, as far as pulling looks at it.
    private func export(content: Data = TestModel.content, name: String = "videomae-small-k400") throws {
        try TestModel.content.write(to: source.file("videomae-small-k400.onnx"))
        let facts = TestModel.facts(of: content)
        let said =
            "{\"name\": \"\(name)\", \"version\": \"7\", \"bytes\": \(facts.bytes), \"sha256\": \"\(facts.sha256)\"}"
        try Data(said.utf8).write(to: source.file("videomae-small-k400.json"))
    }

    @Test
    func theNetAndItsDescriptionAreCopiedAndThenIntact() async throws {
        try export()
        #expect(try await pull().map(\.origin) == [.copied])
        #expect(target.names == ["videomae-small-k400.json", "videomae-small-k400.onnx"])
        let inventory = ModelInventory(folders: [target.url])
        #expect(inventory.item(entry).state == .installed)
        #expect(inventory.item(entry).version == "7")
        #expect(try ModelVerification(inventory, entries: [entry]).findings[0].item.state == .installed)
        #expect(try await pull().map(\.origin) == [.present])
        #expect(try await pull(.network).map(\.origin) == [.present])
    }

    @Test
    func anotherExportReplacesTheOldOne() async throws {
        try export()
        _ = try await pull()
        try Data("old".utf8).write(to: target.file("videomae-small-k400.json"))
        #expect(try await pull().map(\.origin) == [.copied])
        try Data("old".utf8).write(to: target.file("videomae-small-k400.onnx"))
        #expect(try await pull().map(\.origin) == [.copied])
        #expect(ModelInventory(folders: [target.url]).item(entry).state == .installed)
    }

    @Test
    func aNetThatIsNotTheDescribedOneIsNotInstalled() async throws {
        try export(content: Data("something else".utf8))
        let failure = try await #require(throws: AppFailure.self) { try await pull() }
        #expect(failure.message.contains(source.file("videomae-small-k400.onnx").path))
        #expect(target.names.isEmpty)
    }

    @Test
    func anotherModelIsNotTakenForThisOne() async throws {
        try export(name: "videomae-base-k400")
        let failure = try await #require(throws: AppFailure.self) { try await pull() }
        #expect(failure.message.contains("made as videomae-base-k400"))
        #expect(target.names.isEmpty)
    }

    @Test
    func withoutADescriptionTheCommandThatMakesItIsNamed() async throws {
        try TestModel.content.write(to: source.file("videomae-small-k400.onnx"))
        let failure = try await #require(throws: AppFailure.self) { try await pull() }
        #expect(failure.message.contains("Training/run videomae export CHECKPOINT --name videomae-small-k400"))
    }

    @Test
    func theNetworkHasNoneAndBothCommandsAreNamed() async throws {
        let failure = try await #require(throws: AppFailure.self) { try await pull(.network) }
        #expect(failure.message.contains("Training/run videomae export CHECKPOINT --name videomae-small-k400"))
        #expect(failure.message.contains("hypeclip models pull videomae-small-k400 --from Training/runs/videomae"))
        let network = ModelPull(
            inventory: ModelInventory(folders: []),
            destination: target.url,
            source: .network
        )
        #expect(!network.offers(entry))
    }
}
