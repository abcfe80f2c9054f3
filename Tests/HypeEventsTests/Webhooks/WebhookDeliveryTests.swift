import Foundation
import HypeCore
import HypeEvents
import HypeStore
import NIOCore
import NIOPosix
import NIOSSL
import StoreDouble
import TestSupport
import Testing

/// Real requests to a receiver on this machine.
@Suite(.timeLimit(.minutes(1)))
struct WebhookDeliveryTests {
    private func client(
        allowsPrivate: Bool = true,
        reply: Duration = .seconds(20),
        resolver: any HostResolver = FixedResolver(["127.0.0.1"]),
        roots: NIOSSLTrustRoots = .default
    ) -> WebhookClient {
        var settings = WebhookSettings()
        settings.allowsPrivate = allowsPrivate
        settings.replyLimit = reply
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = roots
        return WebhookClient(
            settings: settings,
            resolver: resolver,
            group: MultiThreadedEventLoopGroup.singleton,
            tls: tls
        )
    }

    private func request(_ url: String, secret: String = "0123456789abcdef") throws -> WebhookRequest {
        let event = EventRecord(id: 7, time: Date(), kind: .newClip, sessionId: "s", payload: Data(#"{"a":1}"#.utf8))
        let webhook = Webhook(id: "wh", url: url, secret: secret, events: [], createdAt: .distantPast)
        return try WebhookRequest(
            Delivery(id: "wh.7", webhookId: "wh", event: event, dueAt: Date()),
            to: webhook,
            at: Date()
        )
    }

    /// Sends one request to a receiver that reacts in a certain way.
    private func result(
        of reaction: Receiver.Reaction,
        reply: Duration = .seconds(20)
    ) async throws -> (result: WebhookResult?, arrivals: [Receiver.Arrival]) {
        let receiver = try await Receiver { _ in reaction }
        let result = await client(reply: reply).send(try request("http://hook.example:\(receiver.port)/in?x=1"))
        try await receiver.close()
        var arrivals: [Receiver.Arrival] = []
        for await arrival in receiver.arrivals { arrivals.append(arrival) }
        return (result, arrivals)
    }

    @Test
    func aRequestArrivesAsItWasMade() async throws {
        let (result, arrivals) = try await result(of: .status(200))
        #expect(result == .reply(status: 200, retryAfter: nil))
        let arrival = try #require(arrivals.first)
        #expect(arrivals.count == 1 && arrival.uri == "/in?x=1")
        #expect(arrival.headers["Host"]?.hasPrefix("hook.example:") == true)
        #expect(arrival.headers["Content-Type"] == "application/json" && arrival.headers["X-Hypeclip-Event"] == "7")
        #expect(String(decoding: arrival.body, as: UTF8.self).hasSuffix(#","payload":{"a":1}}"#))
    }

    @Test(arguments: [204, 400, 404, 410, 500])
    func everyStatusIsReported(status: Int) async throws {
        #expect(try await result(of: .status(status)).result == .reply(status: status, retryAfter: nil))
    }

    @Test
    func patienceIsReported() async throws {
        let reaction = Receiver.Reaction.status(429, headers: [("Retry-After", "17")])
        #expect(try await result(of: reaction).result == .reply(status: 429, retryAfter: 17))
    }

    @Test
    func redirectsAreNotFollowed() async throws {
        let target = try await Receiver { _ in .status(200) }
        let location = ("Location", "http://127.0.0.1:\(target.port)/")
        #expect(try await result(of: .status(307, headers: [location])).result == .reply(status: 307, retryAfter: nil))
        try await target.close()
        var arrivals = 0
        for await _ in target.arrivals { arrivals += 1 }
        #expect(arrivals == 0)
    }

    @Test
    func silenceEndsAtTheLimit() async throws {
        let result = try await result(of: .hang, reply: .milliseconds(50)).result
        #expect(result == .unreachable("no answer within 0.05 s"))
    }

    @Test
    func aStatusCountsEvenIfItsBodyNeverEnds() async throws {
        #expect(try await result(of: .endless).result == .reply(status: 200, retryAfter: nil))
        let half = try await result(of: .halfAnswer, reply: .seconds(2)).result
        #expect(half == .reply(status: 200, retryAfter: nil))
    }

    @Test
    func aReceiverThatHangsUpOrTalksNonsenseIsReported() async throws {
        let silent = try await result(of: .hangUp).result
        #expect(silent == .unreachable("the connection was closed without an answer"))
        guard case .unreachable = try await result(of: .garbage).result else {
            Issue.record("nonsense was taken for an answer")
            return
        }
    }

    @Test
    func aPortWhereNobodyListensIsReported() async throws {
        let receiver = try await Receiver { _ in .status(200) }
        try await receiver.close()
        let result = await client().send(try request("http://hook.example:\(receiver.port)/"))
        #expect(result == .unreachable("cannot be reached: nothing listens there"))
    }

    @Test
    func aSecondAddressIsTriedWhereTheFirstDoesNotAnswer() async throws {
        let receiver = try await Receiver { _ in .status(200) }
        // Nobody listens on the other address of this machine.
        let client = client(resolver: FixedResolver(["127.0.0.2", "127.0.0.1"]))
        let result = await client.send(try request("http://hook.example:\(receiver.port)/"))
        #expect(result == .reply(status: 200, retryAfter: nil))
        try await receiver.close()
    }

    @Test
    func aForbiddenPlaceIsNotConnectedTo() async throws {
        let receiver = try await Receiver { _ in .status(200) }
        let result = await client(allowsPrivate: false).send(try request("http://hook.example:\(receiver.port)/"))
        guard case .refused = result else {
            Issue.record("was not refused: \(String(describing: result))")
            return
        }
        try await receiver.close()
        var arrivals = 0
        for await _ in receiver.arrivals { arrivals += 1 }
        #expect(arrivals == 0)
    }

    @Test
    func cancellingEndsAnExchange() async throws {
        let receiver = try await Receiver { _ in .hang }
        let client = client()
        let request = try request("http://hook.example:\(receiver.port)/")
        let sending = Task { await client.send(request) }
        for await _ in receiver.arrivals { break }
        sending.cancel()
        #expect(await sending.value == nil)
        try await receiver.close()
    }

    @Test
    func encryptedReceiversMustProveWhoTheyAre() async throws {
        let identity = try await TestIdentity(name: "hook.example")
        let receiver = try await Receiver(tls: identity.context()) { _ in .status(200) }
        let trusting = client(roots: .certificates([identity.certificate]))
        let good = await trusting.send(try request("https://hook.example:\(receiver.port)/"))
        #expect(good == .reply(status: 200, retryAfter: nil))
        for (client, host) in [(client(), "hook.example"), (trusting, "other.example")] {
            let bad = await client.send(try request("https://\(host):\(receiver.port)/"))
            guard case .unreachable(let reason) = bad else {
                Issue.record("was trusted: \(host)")
                continue
            }
            #expect(reason.contains("certificate"))
        }
        try await receiver.close()
    }

    /// The whole way: event, log, delivery, HTTP, a receiver that fails twice, signature.
    @Test
    func anEventReachesAReceiverThatFailsAtFirst() async throws {
        let store = InMemoryStore()
        let log = EventLog(store: store, logger: .silent)
        let receiver = try await Receiver { arrival in
            arrival.headers["X-Hypeclip-Attempt"] == "3" ? .status(200) : .hangUp
        }
        var settings = WebhookSettings()
        settings.allowsPrivate = true
        settings.retry.first = .milliseconds(1)
        settings.poll = .milliseconds(5)
        let resolver = FixedResolver(["127.0.0.1"])
        let group = MultiThreadedEventLoopGroup.singleton
        let sender = WebhookSender(
            store: store,
            events: log,
            transport: WebhookClient(settings: settings, resolver: resolver, group: group),
            settings: settings,
            logger: .silent
        )
        let desk = WebhookDesk(store: store, settings: settings, resolver: resolver, wake: sender.wake)
        let webhook = try await desk.create(url: "http://hook.example:\(receiver.port)/", events: [], secret: nil)
        try await store.enqueue([], position: 0)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await sender.run() }
            await log.publish(.newClip, session: "s", ["id": "c1"])
            _ = await store.delivery { $0.state == .delivered && $0.attempts == 3 }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
        try await receiver.close()
        var arrivals: [Receiver.Arrival] = []
        for await arrival in receiver.arrivals { arrivals.append(arrival) }
        #expect(arrivals.count == 3 && Set(arrivals.map(\.body)).count == 1)
        #expect(Set(arrivals.map { $0.headers["X-Hypeclip-Delivery"] }) == ["\(webhook.id).1"])
        let last = try #require(arrivals.last)
        let signature = try #require(last.headers["X-Hypeclip-Signature"])
        let seconds = try #require(signature.wholeMatch(of: /t=(\d+),v1=[0-9a-f]{64}/)?.1)
        let time = Date(timeIntervalSince1970: try #require(Double(seconds)))
        #expect(signature == WebhookSignature.sign(last.body, secret: webhook.secret, at: time))
    }
}
