/// A failure of the inference runtime or of a model file.
package struct InferenceError: Error, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable {
        /// A model file is not where models lie.
        case modelMissing
        /// A model file cannot be read or compiled.
        case modelUnusable
        /// A model's port has a shape or a type that this wrapper or its caller does not work with.
        case unsupportedPort
        /// Data handed to a model does not have the size of its port.
        case wrongInputSize
        /// A run gave an output of another shape or place than agreed.
        case wrongOutput
        /// The runtime failed for another reason.
        case runtime
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// The runtime's own words, where there are any.
    package let cause: String?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, followed by the runtime's own words.
    package var description: String {
        cause.map { "\(message) [\($0)]" } ?? message
    }
}
