/// Keeps the answers of one connection in the order of its requests, though two sides answer them (pure).
///
/// The host behind the gate takes as many requests at once as it likes and answers them in order; the gate takes one.
/// A request of the one side waits until the other side's answers are out.
package struct RequestSequence {
    /// What to do with a request's head.
    package enum Verdict: Hashable {
        /// Let it and its body through to the host.
        case pass
        /// Take it.
        case take
        /// Keep it, and all that follows, until ``RequestSequence/canProceed(isOwn:)`` says yes.
        case hold
    }

    private var hostAnswersPending = 0
    private var isOwnAnswerPending = false

    /// Creates the sequence of a connection on which nothing came yet.
    package init() {}

    /// Whether no answer is owed.
    package var isIdle: Bool { hostAnswersPending == 0 && !isOwnAnswerPending }

    /// Whether the gate owes an answer.
    package var owesAnswer: Bool { isOwnAnswerPending }

    /// A head came.
    ///
    /// - Parameter isOwn: Whether it is under the gate's path.
    /// - Returns: What to do with it.
    package mutating func head(isOwn: Bool) -> Verdict {
        guard canProceed(isOwn: isOwn) else { return .hold }
        if isOwn {
            isOwnAnswerPending = true
            return .take
        }
        hostAnswersPending += 1
        return .pass
    }

    /// Whether a request may go on now.
    ///
    /// - Parameter isOwn: Whether it is under the gate's path.
    /// - Returns: Whether nothing of the other side is owed.
    package func canProceed(isOwn: Bool) -> Bool {
        isOwn ? isIdle : !isOwnAnswerPending
    }

    /// The host finished an answer.
    package mutating func hostAnswered() {
        hostAnswersPending = max(0, hostAnswersPending - 1)
    }

    /// The gate finished its answer.
    package mutating func answered() {
        isOwnAnswerPending = false
    }
}
