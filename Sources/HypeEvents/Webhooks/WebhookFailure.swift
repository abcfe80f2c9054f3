/// Why something about webhooks cannot be done, in words that a client may read.
package struct WebhookFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// The address is no address that events can be sent to.
        case address
        /// The address leads to a place that this installation does not send to.
        case forbidden
        /// The name of the address is not known to the network now.
        case unresolved
        /// The secret is too short, too long or contains control characters.
        case secret
        /// One of the events is never sent to webhooks.
        case event
        /// There are as many webhooks as there may be.
        case tooMany
        /// There is nothing with this identifier.
        case notFound
        /// The store is out of order.
        case store
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What lies behind it; for logs, not for clients.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
