import Foundation
import HypeCore
import HypeStore
import StoreDouble
import Testing

/// What the sender relies on in every store.
@Suite
struct DeliveryQueueTests {
    private let store: any ClipStore = InMemoryStore()
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func delivery(_ id: String, to webhook: String, due seconds: Double = 0) -> Delivery {
        let event = EventRecord(id: 1, time: now, kind: .moment, sessionId: nil, payload: Data("{}".utf8))
        return Delivery(id: id, webhookId: webhook, event: event, dueAt: now.addingTimeInterval(seconds))
    }

    private func addWebhooks(_ ids: String...) async throws {
        for id in ids {
            try await store.save(Webhook(id: id, url: "http://\(id)/", secret: "", events: [], createdAt: now))
        }
    }

    @Test
    func thePositionIsUnknownAtFirstAndMovesWithTheDeliveries() async throws {
        try await addWebhooks("a")
        #expect(try await store.deliveryPosition() == nil)
        try await store.enqueue([], position: 7)
        #expect(try await store.deliveryPosition() == 7)
        try await store.enqueue([delivery("d", to: "a")], position: 9)
        #expect(try await store.deliveryPosition() == 9)
        #expect(try await store.deliveries(in: .pending, PageQuery()).items.map(\.id) == ["d"])
    }

    @Test
    func whatIsThereAlreadyIsLeftAsItIs() async throws {
        try await addWebhooks("a")
        var done = delivery("d", to: "a")
        done.state = .delivered
        done.attempts = 3
        try await store.save(done)
        try await store.enqueue([delivery("d", to: "a")], position: 1)
        #expect(try await store.deliveries(in: .delivered, PageQuery()).items == [done])
        #expect(try await store.deliveries(in: .pending, PageQuery()).items.isEmpty)
    }

    @Test
    func nothingIsKeptForAWebhookThatIsGone() async throws {
        try await store.enqueue([delivery("d", to: "gone")], position: 1)
        #expect(try await store.deliveries(in: .pending, PageQuery()).items.isEmpty)
        #expect(try await store.deliveryPosition() == 1)
    }

    @Test
    func eachWebhookIsAskedForOnItsOwn() async throws {
        try await addWebhooks("a", "b")
        let slow = (0..<50).map { delivery("a\($0)", to: "a", due: Double($0 - 100)) }
        try await store.enqueue(slow + [delivery("b0", to: "b"), delivery("b1", to: "b", due: 1)], position: 1)
        #expect(try await store.dueDeliveries(of: "b", at: now, limit: 10).map(\.id) == ["b0"])
        #expect(try await store.dueDeliveries(of: "a", at: now, limit: 2).map(\.id) == ["a0", "a1"])
        #expect(try await store.dueDeliveries(of: "nobody", at: now, limit: 2).isEmpty)
    }
}
