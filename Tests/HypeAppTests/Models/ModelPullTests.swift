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
