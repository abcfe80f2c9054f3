import Foundation
import HypeCore
import HypeStore
import HypeStoreMongo
import Testing

/// A server that goes away and comes back.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: MongoDouble.isInstalled, MongoDouble.missing))
struct MongoOutageTests {
    private let journal = FileManager.default.temporaryDirectory.appending(path: "mongo-\(UUID().uuidString)").path

    private func append(_ store: MongoStore) async throws -> EventRecord {
        try await store.append(.moment, session: nil, payload: Data("{}".utf8), at: Date())
    }

    private func expectAway(_ operation: () async throws -> Void) async {
        let begin = ContinuousClock.now
        let error = await #expect(throws: StoreError.self) { try await operation() }
        #expect(error?.code == .unavailable)
        // Twice the patience for what is tried again, and some for a busy machine.
        #expect(ContinuousClock.now - begin < .seconds(10))
    }

    private func answers(_ store: MongoStore) async -> Bool {
        (try? await store.ping()) != nil
    }

    @Test func saysThatTheServerIsAwayAndWorksAgainWhenItIsBack() async throws {
        let server = MongoDouble(journal: journal)
        let store = try await MongoStore.open(server.settings(patience: .milliseconds(300)))
        let first = try await append(store)
        for round in 1...3 {
            await server.kill()
            await expectAway { try await store.ping() }
            await expectAway { _ = try await store.clips(ClipQuery()) }
            await expectAway { _ = try await append(store) }
            try await server.start()
            // What has to be found out again is found out by trying; a few tries are allowed for.
            var tries = 0
            while await !answers(store), tries < 50 { tries += 1 }
            let event = try await append(store)
            #expect(event.id > first.id)
            #expect(try await store.events(after: 0, session: nil, limit: 10).count == 1 + round)
        }
        await store.close()
        await server.kill()
        try? FileManager.default.removeItem(atPath: journal)
    }

    @Test func losesNothingConfirmedWhenTheServerIsKilledUnderLoad() async throws {
        let server = MongoDouble(journal: journal)
        let settings = try await server.settings(patience: .milliseconds(300))
        let store = try await MongoStore.open(settings)
        let confirmed = try await withThrowingTaskGroup(of: Int64?.self) { group in
            for number in 0..<300 {
                group.addTask {
                    if number == 100 {
                        await server.kill()
                        try await server.start()
                        return nil
                    }
                    do {
                        return try await append(store).id
                    } catch let error as StoreError {
                        #expect(error.code == .unavailable)
                        return nil
                    }
                }
            }
            return try await group.reduce(into: Set<Int64>()) { numbers, number in
                if let number { #expect(numbers.insert(number).inserted, "\(number) was given twice") }
            }
        }
        await store.close()
        let again = try await MongoStore.open(settings)
        let kept = try await again.events(after: 0, session: nil, limit: 1000).map(\.id)
        #expect(!confirmed.isEmpty)
        #expect(confirmed.isSubset(of: kept))
        #expect(try await again.lastEvent() == kept.last)
        await again.close()
        await server.kill()
        try? FileManager.default.removeItem(atPath: journal)
    }

    @Test func doesNotOpenWhereNobodyAnswers() async throws {
        // A port that was free a moment ago.
        let server = MongoDouble()
        let settings = try await server.settings(patience: .milliseconds(100))
        await server.kill()
        let error = await #expect(throws: StoreError.self) { _ = try await MongoStore.open(settings) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("127.0.0.1") == true)
    }

    @Test func answersAfterClosingWithAnError() async throws {
        let store = try await MongoStore.open(try await MongoDouble.shared.settings())
        await store.close()
        await store.close()
        let error = await #expect(throws: StoreError.self) { try await store.ping() }
        #expect(error?.code == .unavailable)
    }
}
