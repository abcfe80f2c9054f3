/// Says why a signal could not be processed.
package struct DSPError: Error, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: Hashable, Sendable {
        /// A setting is outside of what the algorithm can do.
        case invalidSetting
        /// FFmpeg could not prepare a Fourier transform.
        case transformUnavailable
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
