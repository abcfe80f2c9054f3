import Foundation
import HypeCore
import HypeEvents
import HypeStore
import Logging
import ServiceLifecycle
import StoreDouble
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WebhookSenderTests {
    private struct Note: Codable {
        var text = ""
    }

    /// Answers as a closure says; a closure that returns nil never answers.
    private struct Script: WebhookTransport {
        let answer: @Sendable (WebhookRequest) async -> WebhookResult?

        func send(_ request: WebhookRequest) async -> WebhookResult? {
            if let result = await answer(request) { return result }
            // Ends when the task is cancelled.
            for await _ in AsyncStream<Void>.makeStream().stream {}
            return nil
        }
    }

    private let store = InMemoryStore()
    private let log: EventLog

    init() async throws {
        log = EventLog(store: store, logger: .silent)
        try await store.enqueue([], position: 0)
    }

    private func add(_ id: String, events: [EventKind] = [], since: Date = .distantPast) async throws {
        let url = "https://example.com/\(id)"
        try await store.save(Webhook(id: id, url: url, secret: "0123456789abcdef", events: events, createdAt: since))
    }

    private func sender(
        attempts: Int = 3,
        _ answer: @escaping @Sendable (WebhookRequest) async -> WebhookResult?
    ) -> WebhookSender {
        var settings = WebhookSettings()
        settings.retry.first = .milliseconds(1)
        settings.retry.attempts = attempts
        settings.poll = .milliseconds(5)
        return WebhookSender(
            store: store,
            events: log,
            transport: Script(answer: answer),
            settings: settings,
            seed: 1,
            logger: .silent
        )
    }

    private func running<Value>(_ sender: WebhookSender, _ body: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sender.run() }
            let value = try await body()
            group.cancelAll()
            return value
        }
    }

    @Test
    func eachWebhookHearsOfItsEvents() async throws {
        try await add("all")
        try await add("clips", events: [.newClip])
        try await add("late", since: .distantFuture)
        let sender = sender { _ in .reply(status: 200, retryAfter: nil) }
        try await running(sender) {
            await log.publish(.moment, session: nil, Note())
            await log.publish(.signal, session: nil, Note())
            await log.publish(.newClip, session: nil, Note())
            for id in ["all.1", "all.2", "clips.2"] {
                _ = await store.delivery { $0.id == id && $0.state == .delivered }
            }
        }
        #expect(await store.allDeliveries().map(\.id) == ["all.1", "all.2", "clips.2"])
        #expect(try await store.deliveryPosition() == 2)
        #expect(await sender.statistics.delivered == 3)
    }

    @Test
    func whatFailsIsRepeatedUntilItArrives() async throws {
        try await add("w")
        let sender = sender { request in
            let attempt = request.headers.first { $0.name == "X-Hypeclip-Attempt" }?.value
            return attempt == "3" ? .reply(status: 204, retryAfter: nil) : .unreachable("nothing listens there")
        }
        try await running(sender) {
            await log.publish(.moment, session: nil, Note())
            let delivery = await store.delivery { $0.state == .delivered }
            #expect(delivery.attempts == 3 && delivery.outcome == "status 204")
        }
    }

    @Test
    func whatNeverArrivesIsADeadLetterThatCanBeSentAgain() async throws {
        try await add("w")
        let failing = sender(attempts: 2) { _ in .reply(status: 503, retryAfter: nil) }
        try await running(failing) {
            await log.publish(.moment, session: nil, Note())
            let dead = await store.delivery { $0.state == .dead }
            #expect(dead.attempts == 2 && dead.outcome == "status 503")
        }
        let desk = WebhookDesk(store: store, settings: WebhookSettings(), resolver: FixedResolver([]), wake: {})
        #expect(try await desk.deadLetters(PageQuery()).items.map(\.id) == ["w.1"])
        #expect(try await desk.retry("w.1").attempts == 0)
        try await running(sender { _ in .reply(status: 200, retryAfter: nil) }) {
            let delivery = await store.delivery { $0.state == .delivered }
            #expect(delivery.id == "w.1" && delivery.attempts == 1)
        }
    }

    @Test
    func aReceiverThatIsGoneIsNotToldAgain() async throws {
        try await add("gone")
        try await add("here")
        let sender = sender { .reply(status: $0.address.target == "/gone" ? 410 : 200, retryAfter: nil) }
        try await running(sender) {
            await log.publish(.moment, session: nil, Note())
            _ = await store.delivery { $0.id == "here.1" && $0.state == .delivered }
            while await sender.statistics.unsubscribed == 0 { await Task.yield() }
            await log.publish(.moment, session: nil, Note())
            _ = await store.delivery { $0.id == "here.2" && $0.state == .delivered }
        }
        #expect(try await store.webhooks().map(\.id) == ["here"])
        #expect(await store.allDeliveries().map(\.id) == ["here.1", "here.2"])
    }

    @Test
    func aSlowReceiverDoesNotHoldUpOthers() async throws {
        for id in ["slow1", "slow2", "slow3", "quick"] { try await add(id) }
        let sender = sender { $0.address.target == "/quick" ? .reply(status: 200, retryAfter: nil) : nil }
        try await running(sender) {
            for _ in 1...50 { await log.publish(.moment, session: nil, Note()) }
            for number in 1...50 {
                _ = await store.delivery { $0.id == "quick.\(number)" && $0.state == .delivered }
            }
            // Two places each, all of them taken.
            while await sender.statistics.underWay != 6 { await Task.yield() }
        }
        #expect(await store.allDeliveries().count { $0.state == .pending } == 150)
    }

    @Test
    func aRestartSendsAgainWhatWasUnderWayAndWhatWasMissed() async throws {
        try await add("w")
        let stuck = sender { _ in nil }
        try await running(stuck) {
            await log.publish(.moment, session: nil, Note())
            while await stuck.statistics.underWay == 0 { await Task.yield() }
        }
        #expect(await store.allDeliveries().map(\.attempts) == [0])
        await log.publish(.moment, session: nil, Note())
        try await running(sender { _ in .reply(status: 200, retryAfter: nil) }) {
            _ = await store.delivery { $0.id == "w.1" && $0.state == .delivered }
            _ = await store.delivery { $0.id == "w.2" && $0.state == .delivered }
        }
        #expect(await store.allDeliveries().count == 2)
    }

    @Test
    func theFirstStartEverDoesNotSendThePast() async throws {
        let store = InMemoryStore()
        let log = EventLog(store: store, logger: .silent)
        await log.publish(.moment, session: nil, Note())
        try await store.save(
            Webhook(id: "w", url: "https://example.com/", secret: "", events: [], createdAt: .distantPast)
        )
        let sender = WebhookSender(
            store: store,
            events: log,
            transport: Script { _ in .reply(status: 200, retryAfter: nil) },
            logger: .silent
        )
        try await running(sender) {
            while try await store.deliveryPosition() == nil { await Task.yield() }
            await log.publish(.moment, session: nil, Note())
            _ = await store.delivery { $0.state == .delivered }
        }
        #expect(await store.allDeliveries().map(\.id) == ["w.2"])
    }

    @Test
    func anAddressThatCannotBeSentToIsDeadAtOnce() async throws {
        try await store.save(
            Webhook(id: "w", url: "ftp://example.com", secret: "", events: [], createdAt: .distantPast)
        )
        try await running(sender { _ in .reply(status: 200, retryAfter: nil) }) {
            await log.publish(.moment, session: nil, Note())
            let dead = await store.delivery { $0.state == .dead }
            #expect(dead.outcome?.contains("http") == true)
        }
    }

    @Test
    func gracefulShutdownEndsTheSender() async throws {
        try await add("w")
        let sender = sender { _ in nil }
        let group = ServiceGroup(services: [sender], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await log.publish(.moment, session: nil, Note())
            while await sender.statistics.underWay == 0 { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(await sender.statistics.underWay == 0)
    }
}
