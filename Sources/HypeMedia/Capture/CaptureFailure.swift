/// Why a device brings nothing, in words for the person whose machine it is.
package struct CaptureFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    package enum Code: String, Hashable, Sendable, Codable {
        /// There is no such device.
        case missing
        /// Another program has it.
        case busy
        /// This user or this program may not use it.
        case permission
        /// It was there and went away.
        case lost
        /// The name means nothing on this system.
        case badName
        /// This machine lacks what devices are read with.
        case noLibrary
        /// It is there, but brings nothing usable.
        case unusable
    }

    /// Kind of failure.
    package let code: Code
    /// What happened, and what to do about it.
    package let message: String
    /// What the operating system or FFmpeg said, where it said something.
    package let cause: String?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message with its cause, for a log line.
    package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
