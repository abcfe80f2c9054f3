import Foundation
import HypeCore
import HypeStore
import HypeStoreMongo
import Testing

/// Operations of several steps that are cut short between them, and what the database does by itself.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: MongoDouble.isInstalled, MongoDouble.missing))
struct MongoRepairTests {
    private let server = MongoDouble()

    /// Lets the server hang up instead of doing the next commands of a name.
    private func hangUp(on command: String, times: Int64, _ store: MongoStore) async throws {
        _ = try await store.run([
            "configureFailPoint": "failCommand", "mode": ["times": .int64(times)],
            "data": ["failCommands": [.string(command)], "closeConnection": true],
        ])
    }

    private func clip(_ id: String) -> Clip {
        let interval = MediaInterval(seconds: 0..<1)
        return Clip(
            id: id,
            createdAt: StoreTime.rounded(Date()),
            interval: interval,
            plan: ClipPlan(interval: interval, core: interval, moments: [1], decision: .clip, score: 1, reason: "r"),
            trigger: Clip.Trigger(kinds: [.chat], score: 1, rule: .clip),
            signals: [],
            emotions: nil,
            title: "t",
            hashtags: [],
            files: Clip.Files(),
            state: .saved
        )
    }

    private func deletion(_ id: String, of clip: String) -> Deletion {
        Deletion(id: id, time: Date(), subject: .clip, subjectId: clip, title: "t", cause: .age, files: [])
    }

    @Test func takesARemovalBackThatDidNotReachTheClip() async throws {
        let settings = try await server.settings()
        let store = try await MongoStore.open(settings)
        try await store.insert(clip("a"))
        try await hangUp(on: "delete", times: 1, store)
        let error = await #expect(throws: StoreError.self) {
            try await store.remove("a", recording: deletion("d", of: "a"))
        }
        #expect(error?.code == .unavailable)
        // Nobody sees the half of it, before the repair and after.
        #expect(try await store.deletions(PageQuery()).items.isEmpty)
        await store.close()
        let again = try await MongoStore.open(settings)
        #expect(try await again.clip("a") != nil)
        #expect(try await again.deletions(PageQuery()).items.isEmpty)
        #expect(try await again.remove("a", recording: deletion("d", of: "a")))
        #expect(try await again.deletions(PageQuery()).items.map(\.id) == ["d"])
        await again.close()
        await server.kill()
    }

    @Test func confirmsARemovalThatReachedTheClip() async throws {
        let settings = try await server.settings()
        let store = try await MongoStore.open(settings)
        try await store.insert(clip("a"))
        // The confirmation is tried twice.
        try await hangUp(on: "update", times: 2, store)
        await #expect(throws: StoreError.self) { try await store.remove("a", recording: deletion("d", of: "a")) }
        #expect(try await store.clip("a") == nil)
        #expect(try await store.deletions(PageQuery()).items.isEmpty)
        await store.close()
        let again = try await MongoStore.open(settings)
        #expect(try await again.deletions(PageQuery()).items.map(\.id) == ["d"])
        await again.close()
        await server.kill()
    }

    @Test func givesNoNumberTwiceWhereTheCounterFellBehind() async throws {
        let settings = try await server.settings()
        let store = try await MongoStore.open(settings)
        try await hangUp(on: "findAndModify", times: 2, store)
        await #expect(throws: StoreError.self) {
            try await store.append(.moment, session: nil, payload: Data(), at: Date())
        }
        let written = try await store.events(after: 0, session: nil, limit: 5).map(\.id)
        #expect(written == [1])
        await store.close()
        let again = try await MongoStore.open(settings)
        try await again.forgetEvents(before: Date().addingTimeInterval(60))
        #expect(try await again.append(.moment, session: nil, payload: Data(), at: Date()).id == 2)
        await again.close()
        await server.kill()
    }

    @Test func numbersEventsOfTwoProcesses() async throws {
        let settings = try await server.settings()
        let stores = [try await MongoStore.open(settings), try await MongoStore.open(settings)]
        let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await stores[number % 2].append(.moment, session: nil, payload: Data(), at: Date()).id
                }
            }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(numbers == Set(1...100))
        for store in stores { await store.close() }
        await server.kill()
    }

    @Test func letsEventsGoAfterTheirLifetime() async throws {
        let settings = try await server.settings(eventLifetime: .seconds(3600))
        let store = try await MongoStore.open(settings)
        let old = try await store.append(.moment, session: nil, payload: Data(), at: Date().addingTimeInterval(-7200))
        let fresh = try await store.append(.moment, session: nil, payload: Data(), at: Date())
        #expect(old.id < fresh.id)
        #expect(try await store.events(after: 0, session: nil, limit: 10).map(\.id) == [fresh.id])
        #expect(try await lifetime(in: store) == 3600)
        await store.close()

        // Another lifetime replaces the old one.
        var longer = settings
        longer.eventLifetime = .seconds(7200)
        let again = try await MongoStore.open(longer)
        #expect(try await lifetime(in: again) == 7200)
        await again.close()
        await server.kill()
    }

    private func lifetime(in store: MongoStore) async throws -> Int64? {
        let reply = try await store.run(["listIndexes": "events"])
        return reply["cursor"]?.document?["firstBatch"]?.elements?.compactMap {
            $0.document?["expireAfterSeconds"]?.integer
        }
        .first
    }

    @Test func makesAnIndexForEveryList() async throws {
        let store = try await MongoStore.open(try await server.settings())
        var names: [String: Int] = [:]
        for collection in ["clips", "deletions", "sessions", "moments", "events", "webhooks", "deliveries"] {
            let reply = try await store.run(["listIndexes": .string(collection)])
            names[collection] = reply["cursor"]?.document?["firstBatch"]?.elements?.count
        }
        // One more each for `_id`.
        #expect(
            names == [
                "clips": 7, "deletions": 2, "sessions": 3, "moments": 5, "events": 3, "webhooks": 2, "deliveries": 4,
            ]
        )
        await store.close()
        await server.kill()
    }

    @Test func passesOnWhatTheServerRefuses() async throws {
        let store = try await MongoStore.open(try await server.settings())
        for (code, wanted) in [(13, StoreError.Code.unavailable), (91, .unavailable), (14031, .full), (2, .failed)] {
            _ = try await store.run([
                "configureFailPoint": "failCommand", "mode": ["times": 2],
                "data": ["failCommands": ["find"], "errorCode": .int64(Int64(code))],
            ])
            let error = await #expect(throws: StoreError.self) { try await store.clip("a") }
            #expect(error?.code == wanted, "\(code)")
            _ = try await store.run(["configureFailPoint": "failCommand", "mode": "off"])
        }
        await store.close()
        await server.kill()
    }
}
