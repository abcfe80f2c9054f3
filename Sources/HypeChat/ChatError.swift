/// Why a chat log could not be used.
package struct ChatError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable {
        /// There is no such file.
        case notFound
        /// The file exists but cannot be read: a directory, no permission, a failing disk.
        case unreadable
        /// The file holds nothing.
        case empty
        /// The file is none of the formats that ``ChatLog`` reads.
        case unknownFormat
        /// The format is known but not a single message could be read.
        case noMessages
        /// One record is larger than any message can be, so memory would not be bounded.
        case recordTooLarge
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it, for a person.
    package let message: String
    /// The error underneath, where there was one.
    package let cause: (any Error)?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
