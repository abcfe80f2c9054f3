/// Why labelled files cannot be evaluated, in words for the person who named them.
package struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Sendable {
        /// The manifest or the folder cannot be read.
        case unreadable
        /// The manifest's columns are not those that are needed.
        case columns
        /// Nothing is left to evaluate.
        case nothing
        /// The crowd's votes are asked for and not there.
        case votes
        /// The speakers cannot be made into folds.
        case folds
        /// People who are tested taught the net, or are in several folds.
        case leak
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what to do about it.
    package let message: String

    /// Creates an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
