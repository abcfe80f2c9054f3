import Foundation
import HypeApp
import HypeCatalogue
import Synchronization
import Testing

/// Downloads from a server on this machine that misbehaves in every way that servers do.
@Suite(.timeLimit(.minutes(5)))
struct ModelDownloadTests {
    private let folder: TestFolder
    private var destination: URL { folder.file("thing.bin") }
    private var part: URL { URL(filePath: PartialFile.path(for: destination)) }

    init() throws {
        folder = try TestFolder()
    }

    /// Pulls the test model from an address.
    private func pull(
        _ address: URL,
        freeSpace: @escaping @Sendable (URL) -> Int64? = { _ in nil }
    ) async throws -> [ModelPull.Pulled] {
        try await ModelPull(
            inventory: ModelInventory(folders: [folder.url]),
            destination: folder.url,
            source: .network,
            address: { _ in address },
            freeSpace: freeSpace
        ).pull(TestModel.entry)
    }

    private func failure(_ body: () async throws -> Void) async throws -> AppFailure {
        try await #require(throws: AppFailure.self) { try await body() }
    }

    private func rest(from start: Int) -> LoopbackServer.Answer {
        let range = "Content-Range: bytes \(start)-\(TestModel.content.count - 1)/\(TestModel.content.count)"
        return LoopbackServer.Answer("206 Partial Content", headers: [range], body: TestModel.content[start...])
    }

    @Test
    func aWholeFileIsPutInItsPlace() async throws {
        let server = try LoopbackServer { _ in .init("200 OK", body: TestModel.content) }
        let pulled = try await pull(server.url("thing.bin"))
        #expect(pulled.map(\.origin) == [.downloaded])
        #expect(pulled.first?.sha256 == TestModel.facts.sha256)
        #expect(try Data(contentsOf: destination) == TestModel.content)
        #expect(folder.names == ["thing.bin"])
        // The second time there is nothing to do.
        #expect(try await pull(server.url("thing.bin")).map(\.origin) == [.present])
        #expect(server.requests.count == 1)
    }

    @Test
    func progressGrowsToTheWholeFile() async throws {
        let server = try LoopbackServer { _ in .init("200 OK", body: TestModel.content) }
        let counts = Mutex<[Int64]>([])
        let pull = ModelPull(
            inventory: ModelInventory(folders: []),
            destination: folder.url,
            source: .network,
            address: { _ in try? server.url("thing.bin") }
        )
        _ = try await pull.pull(TestModel.entry) { progress in counts.withLock { $0.append(progress.bytes) } }
        let seen = counts.withLock { $0 }
        #expect(seen.last == TestModel.facts.bytes)
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test
    func aBrokenConnectionIsContinuedWithARange() async throws {
        let server = try LoopbackServer { request in
            guard let start = request.rangeStart else {
                return .init("200 OK", body: TestModel.content.prefix(1_000_000), length: TestModel.content.count)
            }
            return self.rest(from: start)
        }
        _ = try await pull(server.url("thing.bin"))
        #expect(try Data(contentsOf: destination) == TestModel.content)
        #expect(server.requests.count == 2)
        #expect(server.requests.last?.rangeStart.map { $0 > 0 && $0 <= 1_000_000 } == true)
    }

    @Test
    func whatAnEarlierPullLeftIsContinued() async throws {
        try TestModel.content.prefix(1_234_567).write(to: part)
        let server = try LoopbackServer { request in self.rest(from: request.rangeStart ?? 0) }
        _ = try await pull(server.url("thing.bin"))
        #expect(server.requests.map(\.rangeStart) == [1_234_567])
        #expect(try Data(contentsOf: destination) == TestModel.content)
    }

    @Test
    func aServerWithoutRangesSendsItAllAgain() async throws {
        try TestModel.content.prefix(1_234_567).write(to: part)
        let server = try LoopbackServer { _ in .init("200 OK", body: TestModel.content) }
        _ = try await pull(server.url("thing.bin"))
        #expect(try Data(contentsOf: destination) == TestModel.content)
    }

    @Test
    func aRefusedRangeBeginsAnew() async throws {
        try TestModel.content.prefix(1_234_567).write(to: part)
        let server = try LoopbackServer { request in
            request.rangeStart == nil ? .init("200 OK", body: TestModel.content) : .init("416 Range Not Satisfiable")
        }
        _ = try await pull(server.url("thing.bin"))
        #expect(try Data(contentsOf: destination) == TestModel.content)
    }

    @Test
    func anotherContentIsRemovedAndBothHashesAreSaid() async throws {
        var other = TestModel.content
        other[1_000] ^= 1
        let changed = other
        let server = try LoopbackServer { _ in .init("200 OK", body: changed) }
        let failure = try await failure { _ = try await pull(server.url("thing.bin")) }
        #expect(failure.message.contains(TestModel.facts.sha256))
        #expect(failure.message.matches(of: /SHA-256 [0-9a-f]{64}/).count == 2)
        #expect(failure.message.contains("removed"))
        #expect(folder.names.isEmpty)
    }

    @Test
    func aSpoiledBeginningIsFoundOutAndRemoved() async throws {
        try Data(count: 1_000_000).write(to: part)
        let server = try LoopbackServer { request in self.rest(from: request.rangeStart ?? 0) }
        let failure = try await failure { _ = try await pull(server.url("thing.bin")) }
        #expect(failure.message.contains("removed"))
        #expect(folder.names.isEmpty)
    }

    @Test
    func anotherSizeIsNotEvenFetched() async throws {
        let server = try LoopbackServer { _ in .init("200 OK", body: Data(count: 10), length: 12_345) }
        let failure = try await failure { _ = try await pull(server.url("thing.bin")) }
        #expect(failure.message.contains("12345 bytes"))
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: [(404, "not at"), (403, "does not hand out"), (503, "try again later")])
    func aFileThatIsNotGivenNamesTheWayWithoutTheNetwork(status: Int, words: String) async throws {
        let server = try LoopbackServer { _ in .init("\(status) Something", body: Data("<html>".utf8)) }
        let address = try server.url("thing.bin")
        let failure = try await failure { _ = try await pull(address) }
        #expect(failure.message.contains("\(status)"))
        #expect(failure.message.contains(words))
        #expect(failure.message.contains(address.absoluteString))
        #expect(failure.message.contains("--from"))
        #expect(folder.names.isEmpty)
    }

    @Test
    func noServerIsSaidAndWhatWasThereStays() async throws {
        try TestModel.content.prefix(1_000).write(to: part)
        let server = try LoopbackServer { _ in .init("200 OK") }
        let address = try server.url("thing.bin")
        server.stop()
        let failure = try await failure { _ = try await pull(address) }
        #expect(failure.message.contains("127.0.0.1 cannot be reached"))
        #expect(failure.message.contains("1000 bytes that arrived are kept"))
        #expect(folder.names == ["thing.bin.part"])
    }

    @Test
    func redirectsAreFollowedToSafeAddressesOnly() async throws {
        let server = try LoopbackServer { request in
            switch request.path {
            case "/moved": .init("302 Found", headers: ["Location: /thing.bin"])
            case "/unsafe": .init("302 Found", headers: ["Location: http://example.org/thing.bin"])
            default: .init("200 OK", body: TestModel.content)
            }
        }
        let failure = try await failure { _ = try await pull(server.url("unsafe")) }
        #expect(failure.message.contains("http://example.org/thing.bin, which is not https"))
        #expect(folder.names.isEmpty)
        _ = try await pull(server.url("moved"))
        #expect(folder.names == ["thing.bin"])
    }

    @Test(arguments: ["http://example.org/a", "ftp://127.0.0.1/a", "file:///etc/passwd"])
    func otherAddressesAreRefused(address: String) async throws {
        let url = try #require(URL(string: address))
        let failure = try await failure { _ = try await pull(url) }
        #expect(failure.message.contains("not an https address"))
    }

    @Test
    func aFullDiskIsSaidBeforeAnythingIsFetched() async throws {
        let server = try LoopbackServer { _ in .init("200 OK", body: TestModel.content) }
        let failure = try await failure { _ = try await pull(server.url("thing.bin")) { _ in 1_000_000 } }
        #expect(failure.message.contains("no space left"))
        #expect(failure.message.contains("3.0 MB are needed and 1.0 MB are free"))
        #expect(server.requests.isEmpty)
    }

    @Test
    func twoPullsOfOneFileDoNotMix() async throws {
        let first = try PartialFile(destination: destination)
        try first.append(Data("abc".utf8))
        let server = try LoopbackServer { _ in .init("200 OK", body: TestModel.content) }
        let failure = try await failure { _ = try await pull(server.url("thing.bin")) }
        #expect(failure.message.contains("another `hypeclip models pull`"))
        #expect(first.count == 3)
    }

    @Test
    func anInterruptedPullKeepsWhatCame() async throws {
        let server = try LoopbackServer { _ in
            .init("200 OK", body: TestModel.content.prefix(500_000), length: TestModel.content.count, stalls: true)
        }
        let address = try server.url("thing.bin")
        let pull = ModelPull(
            inventory: ModelInventory(folders: []),
            destination: folder.url,
            source: .network,
            address: { _ in address }
        )
        let (arrivals, arrived) = AsyncStream.makeStream(of: Int64.self)
        let task = Task { try await pull.pull(TestModel.entry) { arrived.yield($0.bytes) } }
        for await bytes in arrivals where bytes == 500_000 { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try Data(contentsOf: part) == TestModel.content.prefix(500_000))
    }
}
