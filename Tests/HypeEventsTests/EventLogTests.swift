import Foundation
import HypeCore
import HypeEvents
import HypeStore
import Logging
import StoreDouble
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EventLogTests {
    private struct Note: Codable, Equatable {
        var text: String
    }

    private let store = InMemoryStore()

    private func makeLog(capacity: Int = 100_000, page: Int = 200) -> EventLog {
        EventLog(store: store, settings: EventLogSettings(capacity: capacity, page: page), logger: .silent)
    }

    /// The numbers up to and with a last one.
    private func numbers(_ subscription: EventSubscription, upTo last: Int64) async throws -> [Int64] {
        var ids: [Int64] = []
        for try await record in subscription {
            ids.append(record.id)
            if record.id == last { break }
        }
        return ids
    }

    @Test
    func keptEventsGetNumbersAndGaugesNone() async throws {
        let log = makeLog()
        let subscription = await log.subscribe(after: nil)
        await log.publish(.moment, session: "s", Note(text: "a"))
        await log.publish(.signal, session: "s", Note(text: "b"))
        await log.publish(.newClip, session: "s", Note(text: "c"))
        await log.close()
        var seen: [Int64] = []
        for try await record in subscription { seen.append(record.id) }
        #expect(seen == [1, 0, 2])
        #expect(try await store.events(after: 0, session: nil, limit: 10).map(\.kind) == [.moment, .newClip])
    }

    @Test
    func everySubscriberSeesEveryNumberOnceAndInOrderAcrossTheSeam() async throws {
        let publishers = 4
        let each = 200
        let total = Int64(publishers * each)
        let log = makeLog(page: 7)
        let results = try await withThrowingTaskGroup(of: (after: Int64, ids: [Int64]).self) { group in
            for subscriber in 0..<12 {
                let probe = await log.subscribe(after: nil)
                group.addTask {
                    // Comes in the middle of what is published, each at another point.
                    let start = Int64(subscriber * 55 + 1)
                    _ = try await numbers(probe, upTo: start)
                    let after = Int64(subscriber * 13)
                    return (after, try await numbers(await log.subscribe(after: after), upTo: total))
                }
            }
            for publisher in 0..<publishers {
                group.addTask {
                    for number in 0..<each {
                        await log.publish(.moment, session: nil, Note(text: "\(publisher) \(number)"))
                    }
                    return (0, [])
                }
            }
            var results: [(after: Int64, ids: [Int64])] = []
            for try await result in group where !result.ids.isEmpty { results.append(result) }
            return results
        }
        #expect(results.count == 12)
        for result in results { #expect(result.ids == Array((result.after + 1)...total)) }
    }

    @Test
    func aReplayIsLimitedToItsSession() async throws {
        let log = makeLog(page: 2)
        for number in 1...9 {
            await log.publish(.moment, session: number.isMultiple(of: 3) ? "a" : "b", Note(text: ""))
        }
        let subscription = await log.subscribe(after: 0, session: "a")
        await log.publish(.moment, session: "b", Note(text: ""))
        await log.publish(.moment, session: "a", Note(text: ""))
        #expect(try await numbers(subscription, upTo: 11) == [3, 6, 9, 11])
    }

    @Test
    func aNumberBeyondTheLogFollowsWhatHappensNext() async throws {
        let log = makeLog()
        await log.publish(.moment, session: nil, Note(text: ""))
        let subscription = await log.subscribe(after: 900)
        async let ids = numbers(subscription, upTo: 2)
        await log.publish(.moment, session: nil, Note(text: ""))
        #expect(try await ids == [2])
    }

    @Test
    func whoeverReadsTooSlowlyIsEndedAndMissesNothing() async throws {
        let log = makeLog(capacity: 3)
        let slow = await log.subscribe(after: nil)
        for _ in 1...5 { await log.publish(.moment, session: nil, Note(text: "")) }
        let failure = await #expect(throws: EventFailure.self) { try await numbers(slow, upTo: 5) }
        #expect(failure?.code == .lagging)
        let statistics = await log.statistics
        #expect(statistics.ended == 1 && statistics.subscribers == 0)
        #expect(try await numbers(await log.subscribe(after: 0), upTo: 5) == [1, 2, 3, 4, 5])
    }

    @Test
    func gaugesThatAreGivenUpAreCounted() async throws {
        let log = makeLog(capacity: 3)
        let slow = await log.subscribe(after: nil)
        for _ in 1...5 { await log.publish(.signal, session: nil, Note(text: "")) }
        let statistics = await log.statistics
        #expect(statistics.dropped == 2 && statistics.subscribers == 1 && statistics.published == 5)
        slow.cancel()
    }

    @Test
    func anOutageOfTheStoreIsCountedOnceAndSilencesNobody() async throws {
        let log = makeLog()
        let subscription = await log.subscribe(after: nil)
        await store.fail(with: StoreError(.full, "the disk is full"))
        await log.publish(.moment, session: nil, Note(text: "1"))
        await log.publish(.moment, session: nil, Note(text: "2"))
        await store.fail(with: nil)
        await log.publish(.moment, session: nil, Note(text: "3"))
        await store.fail(with: StoreError(.full, "the disk is full"))
        await log.publish(.moment, session: nil, Note(text: "4"))
        await log.close()
        var seen: [Int64] = []
        for try await record in subscription { seen.append(record.id) }
        #expect(seen == [0, 0, 1, 0])
        let statistics = await log.statistics
        #expect(statistics.outages == 2 && statistics.unkept == 3)
    }

    @Test
    func aReplayThatCannotBeReadSaysSo() async throws {
        let log = makeLog()
        await log.publish(.moment, session: nil, Note(text: ""))
        let subscription = await log.subscribe(after: 0)
        await store.fail(with: StoreError(.unavailable, "gone"))
        let failure = await #expect(throws: EventFailure.self) { try await numbers(subscription, upTo: 1) }
        #expect(failure?.code == .unreadable)
    }

    @Test
    func aCancelledReaderIsRemoved() async throws {
        let log = makeLog()
        let subscription = await log.subscribe(after: nil)
        let reader = Task { try await numbers(subscription, upTo: .max) }
        reader.cancel()
        #expect(try await reader.value == [])
        await log.publish(.moment, session: nil, Note(text: ""))
        #expect(await log.statistics.subscribers == 0)
    }

    @Test
    func aSubscriptionThatNobodyHoldsIsRemoved() async throws {
        let log = makeLog()
        func open() async { _ = await log.subscribe(after: 0) }
        await open()
        #expect(await log.statistics.subscribers == 0)
    }

    @Test
    func aClosedLogEndsLateSubscribersAndStillKeepsEvents() async throws {
        let log = makeLog()
        await log.close()
        let late = await log.subscribe(after: 0)
        #expect(try await numbers(late, upTo: 1) == [])
        await log.publish(.session, session: "s", Note(text: "over"))
        #expect(try await store.lastEvent() == 1)
    }

    @Test
    func whatACancelledTaskPublishesIsKept() async throws {
        let log = makeLog()
        let publisher = Task { () -> EventRecord? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await log.publish(.session, session: "s", Note(text: "stopped"))
        }
        #expect(await publisher.value?.id == 1)
    }
}
