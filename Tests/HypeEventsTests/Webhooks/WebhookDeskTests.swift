import Foundation
import HypeCore
import HypeEvents
import HypeStore
import StoreDouble
import Testing

@Suite
struct WebhookDeskTests {
    private let store = InMemoryStore()

    private func desk(_ addresses: [String] = ["1.1.1.1"], webhooks: Int = 32) -> WebhookDesk {
        var settings = WebhookSettings()
        settings.webhooks = webhooks
        return WebhookDesk(store: store, settings: settings, resolver: FixedResolver(addresses), wake: {})
    }

    @Test
    func aSecretIsMadeAndShownOnce() async throws {
        let made = try await desk().create(url: "HTTPS://Example.com", events: [.newClip, .newClip], secret: nil)
        #expect(made.secret.count == 43 && made.url == "https://example.com/" && made.events == [.newClip])
        let listed = try await desk().list()
        #expect(listed.map(\.id) == [made.id] && listed.allSatisfy(\.secret.isEmpty))
        #expect(try await store.webhooks() == [made])
    }

    @Test
    func wishesThatCannotBeFulfilledAreRefused() async throws {
        func code(
            _ desk: WebhookDesk,
            _ url: String = "http://example.com",
            _ events: [EventKind] = [],
            _ secret: String? = nil
        ) async -> WebhookFailure.Code? {
            do {
                _ = try await desk.create(url: url, events: events, secret: secret)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await code(desk(), "ftp://example.com") == .address)
        #expect(await code(desk(), "http://example.com", [.signal]) == .event)
        #expect(await code(desk(), "http://example.com", [], "short") == .secret)
        #expect(await code(desk(["10.0.0.1"])) == .forbidden)
        #expect(await code(desk(webhooks: 0)) == .tooMany)
        #expect(await code(desk([])) == nil)
        await store.fail(with: StoreError(.unavailable, "gone"))
        #expect(await code(desk()) == .store)
    }

    @Test
    func removingIsFinal() async throws {
        let made = try await desk().create(url: "http://example.com", events: [], secret: "sixteen letters!")
        try await desk().remove(made.id)
        let failure = await #expect(throws: WebhookFailure.self) { try await desk().remove(made.id) }
        #expect(failure?.code == .notFound)
    }

    @Test
    func onlyDeadLettersOfLivingWebhooksAreSentAgain() async throws {
        let event = EventRecord(id: 1, time: Date(), kind: .moment, sessionId: nil, payload: Data("{}".utf8))
        var letter = Delivery(id: "x.1", webhookId: "x", event: event, dueAt: Date())
        letter.state = .dead
        try await store.save(letter)
        for id in ["x.1", "x.2"] {
            let failure = await #expect(throws: WebhookFailure.self) { try await desk().retry(id) }
            #expect(failure?.code == .notFound)
        }
    }

    @Test
    func aDeadLetterIsFoundOnAnyPage() async throws {
        let made = try await desk().create(url: "http://example.com", events: [], secret: nil)
        for number in 1...450 {
            let event = EventRecord(id: Int64(number), time: Date(), kind: .moment, sessionId: nil, payload: Data())
            var letter = Delivery(id: "d\(number)", webhookId: made.id, event: event, dueAt: .distantPast)
            letter.state = .dead
            try await store.save(letter)
        }
        #expect(try await desk().retry("d1").state == .pending)
    }
}
