/// What can go wrong in this target.
package struct MomentError: Error, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: Sendable {
        /// Settings are out of range or contradict each other.
        case settings
        /// A decision log cannot be read.
        case log
    }

    /// The kind of failure.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What made it fail, where there is such a thing.
    package let cause: (any Error)?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message.
    package var description: String { message }
}
