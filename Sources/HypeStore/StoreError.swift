/// A failure of the store.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable {
        /// The identifier is taken.
        case duplicate
        /// There is nothing with this identifier.
        case notFound
        /// The cursor was not made by this store.
        case badCursor
        /// The store cannot be reached or opened now; trying again later may help.
        case unavailable
        /// The disk is full.
        case full
        /// What is stored cannot be understood.
        case corrupt
        /// Something else went wrong.
        case failed
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What the database said; for logs, not for clients.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
