/// Why a request of a client cannot be fulfilled, in words that the client may read.
package struct RequestFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; decides the HTTP status.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// The request contradicts itself or names values out of range (400).
        case invalid
        /// There is nothing with this identifier (404).
        case notFound
        /// The state of things forbids it (409).
        case conflict
        /// The content cannot be understood (422).
        case unreadable
        /// Too many at once (429).
        case busy
        /// This installation cannot do it; the message says what is missing (501).
        case unsupported
        /// A part is out of order for now (503).
        case unavailable
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// When it is worth to try again, in seconds, at least 1; nil where nobody knows.
    package let retryAfter: Int?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter.map { max(1, $0) }
    }

    package var description: String { message }
}
