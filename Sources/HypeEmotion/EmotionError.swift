/// A failure of the face or voice analysis.
package struct EmotionError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable {
        /// A model file does not have the inputs and outputs that this software works with.
        case unsuitableModel
        /// A reading has not the embedding that early fusion reads.
        case wrongEmbedding
        /// A setting is out of its range.
        case invalidSettings
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// The failure underneath, where there is one.
    package let cause: (any Error)?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, followed by the failure underneath.
    package var description: String {
        cause.map { "\(message) [\($0)]" } ?? message
    }
}
