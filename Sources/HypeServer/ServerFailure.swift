/// Why the server cannot start or cannot go on.
package struct ServerFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable {
        /// Settings are out of range or contradict each other.
        case settings
        /// The certificate or its key cannot be used.
        case certificate
        /// The address cannot be listened on.
        case address
        /// Requests were still running when the time for an orderly end was over.
        case unfinished
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it; never contains a secret.
    package let message: String
    /// What was thrown below, for the log.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
