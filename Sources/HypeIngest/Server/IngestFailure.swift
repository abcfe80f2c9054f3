/// Why the ingest cannot do what it was asked for.
package struct IngestFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Hashable, Sendable {
        /// The address or port cannot be listened on.
        case listen
        /// The folder for sockets cannot be made or is open to others.
        case folder
        /// A socket's path would be longer than the system allows.
        case pathTooLong
        /// A session's socket cannot be listened on.
        case socket
        /// The server stops.
        case stopping
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What the system said; for logs.
    package let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
