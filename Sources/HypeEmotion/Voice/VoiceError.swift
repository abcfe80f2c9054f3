/// Says why voice could not be analysed.
package struct VoiceError: Error, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: Hashable, Sendable {
        /// A model has other inputs or outputs than this software knows.
        case unexpectedModel
    }

    /// The kind of failure.
    package let code: Code
    /// What happened and what to do about it.
    package let message: String
    /// The error behind this one, if there is one.
    package let cause: (any Error)?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
