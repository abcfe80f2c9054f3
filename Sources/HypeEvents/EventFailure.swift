/// Why a subscription ended before its time.
package struct EventFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable {
        /// The subscriber read too slowly; it can come back with the last number it saw and misses nothing.
        case lagging
        /// What happened before cannot be read from the store; coming back later may help.
        case unreadable
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What the store said; for logs, not for clients.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
