package import Foundation
package import HypeCore

/// A moment of a session.
package struct MomentRecord: Hashable, Sendable, Codable {
    /// The session.
    package var sessionId: String
    /// When the decision was made, on the wall clock.
    package var createdAt: Date
    /// The moment; its ``Moment/id`` counts within the session.
    package var moment: Moment

    /// Creates a record.
    package init(sessionId: String, createdAt: Date, moment: Moment) {
        self.sessionId = sessionId
        self.createdAt = createdAt
        self.moment = moment
    }
}

/// An address that is told about events.
package struct Webhook: Hashable, Sendable, Codable, Identifiable {
    /// Identifier.
    package var id: String
    /// Where to send to, `http` or `https`.
    package var url: String
    /// The key of the signature (HMAC-SHA256).
    ///
    /// Never shown after the webhook was made.
    package var secret: String
    /// Which events are sent; empty for all that are kept.
    package var events: [EventKind]
    /// When it was made.
    package var createdAt: Date

    /// Creates a webhook.
    package init(id: String, url: String, secret: String, events: [EventKind], createdAt: Date) {
        self.id = id
        self.url = url
        self.secret = secret
        self.events = events
        self.createdAt = createdAt
    }
}

/// One event on its way to one webhook.
package struct Delivery: Hashable, Sendable, Codable, Identifiable {
    /// How it stands.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Waits for its first or next attempt.
        case pending
        /// Arrived.
        case delivered
        /// Given up after the last attempt.
        case dead
    }

    /// Identifier, the same in every attempt, so that a receiver can recognise repetitions.
    package var id: String
    /// The webhook.
    package var webhookId: String
    /// The event.
    package var event: EventRecord
    /// How it stands.
    package var state: State
    /// Attempts so far.
    package var attempts: Int
    /// When the next attempt is due.
    package var dueAt: Date
    /// What the last attempt ended with, in words for a person; nil before the first.
    package var outcome: String?

    /// Creates a delivery that is due at once.
    package init(id: String, webhookId: String, event: EventRecord, dueAt: Date) {
        self.id = id
        self.webhookId = webhookId
        self.event = event
        self.dueAt = dueAt
        state = .pending
        attempts = 0
    }
}
