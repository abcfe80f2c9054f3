/// A failure in the words that a person at the command line reads.
package struct AppFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; decides the exit code.
    package enum Code: Sendable {
        /// The input cannot be read.
        case unreadableInput
        /// The user interrupted the work.
        case interrupted
        /// Something else went wrong.
        case failed
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what to do about it.
    package let message: String

    /// Creates a failure.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
