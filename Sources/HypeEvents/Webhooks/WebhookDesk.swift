package import Foundation
package import HypeCore
package import HypeStore

/// What clients can do with webhooks.
package struct WebhookDesk: Sendable {
    private let store: any ClipStore
    private let settings: WebhookSettings
    private let door: WebhookGuard
    private let wake: @Sendable () -> Void
    private let now: @Sendable () -> Date

    /// Creates a desk.
    ///
    /// - Parameters:
    ///   - store: Where webhooks and deliveries are.
    ///   - settings: How many webhooks there may be, and where they may lead.
    ///   - resolver: Finds the addresses of names.
    ///   - wake: Called when there is something to send, as ``WebhookSender/wake()``.
    ///   - now: The wall clock.
    package init(
        store: any ClipStore,
        settings: WebhookSettings,
        resolver: any HostResolver,
        wake: @escaping @Sendable () -> Void,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.settings = settings
        door = WebhookGuard(resolver: resolver, settings: settings)
        self.wake = wake
        self.now = now
    }

    /// Adds a webhook.
    ///
    /// - Parameters:
    ///   - url: Where events are sent to.
    ///   - events: Which ones; empty for all that are kept.
    ///   - secret: The key of the signature; nil to have one made.
    /// - Returns: The webhook with its secret, which is not shown again.
    /// - Throws: ``WebhookFailure`` with what is wrong with the wish. A name that nobody knows now is accepted, since
    ///   a receiver may be set up after its webhook.
    package func create(url: String, events: [EventKind], secret: String?) async throws(WebhookFailure) -> Webhook {
        let address = try WebhookAddress(url)
        if let gauge = events.first(where: { !$0.isKept }) {
            throw WebhookFailure(
                .event,
                "\(gauge.rawValue) is a gauge and not sent to webhooks; follow /api/events for it"
            )
        }
        if let secret { try WebhookSecret.check(secret) }
        let existing = try await reading { () async throws(StoreError) in try await store.webhooks() }
        guard existing.count < settings.webhooks else {
            throw WebhookFailure(
                .tooMany,
                "there are \(existing.count) webhooks already, and more are not allowed; remove one"
            )
        }
        do throws(WebhookFailure) {
            _ = try await door.destinations(of: address)
        } catch  where error.code == .unresolved {
            // Attempts will say so, should it stay like this.
        }
        let webhook = Webhook(
            id: "wh" + WebhookSecret.make().prefix(22),
            url: address.description,
            secret: secret ?? WebhookSecret.make(),
            events: EventKind.allCases.filter(events.contains),
            // Stores round times to the millisecond; what happens from now on must not seem older than the webhook.
            createdAt: Date(timeIntervalSince1970: (now().timeIntervalSince1970 * 1000).rounded(.down) / 1000)
        )
        try await reading { () async throws(StoreError) in try await store.save(webhook) }
        return webhook
    }

    /// All webhooks, the oldest first, without their secrets.
    package func list() async throws(WebhookFailure) -> [Webhook] {
        try await reading { () async throws(StoreError) in try await store.webhooks() }.map { webhook in
            var webhook = webhook
            webhook.secret = ""
            return webhook
        }
    }

    /// Removes a webhook and what was still to be sent to it.
    ///
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/notFound``.
    package func remove(_ id: String) async throws(WebhookFailure) {
        let wasThere = try await reading { () async throws(StoreError) in try await store.removeWebhook(id) }
        guard wasThere else { throw WebhookFailure(.notFound, "there is no webhook \(id)") }
    }

    /// Deliveries that were given up, the newest first.
    package func deadLetters(_ query: PageQuery) async throws(WebhookFailure) -> Page<Delivery> {
        try await reading { () async throws(StoreError) in try await store.deliveries(in: .dead, query) }
    }

    /// Sends a dead letter again, with all its attempts anew.
    ///
    /// - Parameter id: Identifier of the delivery.
    /// - Returns: The delivery, pending again.
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/notFound`` where there is no such dead letter or its
    ///   webhook was removed.
    package func retry(_ id: String) async throws(WebhookFailure) -> Delivery {
        var query = PageQuery(limit: PageQuery.limits.upperBound)
        var found: Delivery?
        repeat {
            let page = try await deadLetters(query)
            found = page.items.first { $0.id == id }
            query.cursor = page.next
        } while found == nil && query.cursor != nil
        guard var delivery = found else { throw WebhookFailure(.notFound, "there is no dead letter \(id)") }
        let webhooks = try await reading { () async throws(StoreError) in try await store.webhooks() }
        guard webhooks.contains(where: { $0.id == delivery.webhookId }) else {
            throw WebhookFailure(.notFound, "the webhook of dead letter \(id) was removed")
        }
        delivery.state = .pending
        delivery.attempts = 0
        delivery.dueAt = now()
        let pending = delivery
        try await reading { () async throws(StoreError) in try await store.save(pending) }
        wake()
        return delivery
    }

    /// Translates failures of the store.
    private func reading<Value>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(WebhookFailure) -> Value {
        do {
            return try await body()
        } catch let error where error.code == .badCursor {
            throw WebhookFailure(.notFound, error.message, cause: error)
        } catch {
            throw WebhookFailure(.store, "webhooks cannot be read or written now; try again later", cause: error)
        }
    }
}
