package import Foundation
import HypeCore
package import HypeStore

/// What is sent to a receiver in one attempt.
package struct WebhookRequest: Sendable {
    /// Where to.
    package let address: WebhookAddress
    /// Header fields in the order in which they are sent, without `Host` and `Content-Length`.
    package let headers: [(name: String, value: String)]
    /// `{"id", "kind", "sessionId", "time", "payload"}`, the same bytes in each attempt.
    package let body: Data

    /// Makes an attempt.
    ///
    /// - Parameters:
    ///   - delivery: What is sent.
    ///   - webhook: To whom.
    ///   - time: The time of the attempt, which is signed.
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/address``, or `EncodingError`.
    package init(_ delivery: Delivery, to webhook: Webhook, at time: Date) throws {
        address = try WebhookAddress(webhook.url)
        body = try EventDocument.encode(delivery.event)
        headers = [
            ("Content-Type", "application/json"),
            ("User-Agent", "Hypeclip-Webhook/1"),
            ("X-Hypeclip-Delivery", delivery.id),
            ("X-Hypeclip-Event", "\(delivery.event.id)"),
            ("X-Hypeclip-Kind", delivery.event.kind.rawValue),
            ("X-Hypeclip-Attempt", "\(delivery.attempts + 1)"),
            (WebhookSignature.header, WebhookSignature.sign(body, secret: webhook.secret, at: time)),
        ]
    }
}

/// Carries requests to receivers.
package protocol WebhookTransport: Sendable {
    /// Sends a request once.
    ///
    /// Never waits longer than the limits of ``WebhookSettings`` and follows no redirect.
    ///
    /// - Returns: How it ended; nil where the task was cancelled before that was known.
    func send(_ request: WebhookRequest) async -> WebhookResult?
}
