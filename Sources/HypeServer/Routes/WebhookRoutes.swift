import Foundation
import HTTPTypes
import HypeCore
import HypeEvents
import HypeStore

extension RouteCatalogue {
    private struct Wanted: Decodable {
        var url: String
        var events: [EventKind]?
        var secret: String?
    }

    /// A webhook as clients see it; the secret only once.
    private struct Known: Encodable {
        var id: String
        var url: String
        var events: [EventKind]
        var createdAt: Date
        var secret: String?

        init(_ webhook: Webhook, secret: String? = nil) {
            id = webhook.id
            url = webhook.url
            events = webhook.events
            createdAt = webhook.createdAt
            self.secret = secret
        }
    }

    /// A delivery that was given up.
    private struct Dead: Encodable {
        var id: String
        var webhookId: String
        var eventId: Int64
        var kind: EventKind
        var time: Date
        var attempts: Int
        var outcome: String?

        init(_ delivery: Delivery) {
            id = delivery.id
            webhookId = delivery.webhookId
            eventId = delivery.event.id
            kind = delivery.event.kind
            time = delivery.event.time
            attempts = delivery.attempts
            outcome = delivery.outcome
        }
    }

    private struct Accepted: Encodable {
        var id: String
    }

    /// Who is told of events.
    var webhookRoutes: [Route] {
        [
            Route(.post, "/api/webhooks", .change) { [parts] request in
                let wanted = try await request.document(Wanted.self)
                let webhook = try await parts.webhooks.create(
                    url: wanted.url,
                    events: wanted.events ?? [],
                    secret: wanted.secret
                )
                return try Wire.response(
                    Known(webhook, secret: webhook.secret),
                    status: .created,
                    headers: [.location: "/api/webhooks/\(webhook.id)"]
                )
            },
            Route(.get, "/api/webhooks", .read) { [parts] _ in
                let webhooks = try await parts.webhooks.list()
                return try Wire.response(ListDocument(items: webhooks.map { Known($0) }, next: nil))
            },
            Route(.delete, "/api/webhooks/{id}", .change) { [parts] request in
                try await parts.webhooks.remove(try request.identifier())
                return Wire.empty(.noContent)
            },
            Route(.get, "/api/webhooks/dead", .read) { [parts] request in
                let page = try await parts.webhooks.deadLetters(try request.target.page())
                return try Wire.response(ListDocument(items: page.items.map(Dead.init), next: page.next))
            },
            Route(.post, "/api/webhooks/dead/{id}/retry", .change) { [parts] request in
                let id = try request.identifier()
                let delivery = try await parts.webhooks.retry(id)
                return try Wire.response(Accepted(id: delivery.id), status: .accepted)
            },
        ]
    }
}
