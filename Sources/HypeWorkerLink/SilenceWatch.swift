/// Tells whether a worker has said nothing for too long.
///
/// Pure: the shell tells it what happened and when.
package struct SilenceWatch: Sendable {
    /// An instant of the monotonic clock.
    package typealias Instant = ContinuousClock.Instant

    private let silence: Duration
    private let greeting: Duration
    private let recall: Duration
    private var last: Instant
    private var isGreeted = false
    /// When the worker was told to let go of requests that it has not let go of yet.
    private var recalls: [UInt64: Instant] = [:]

    /// Creates a watch over a worker that starts.
    package init(settings: WorkerSettings, at now: Instant) {
        silence = settings.silenceLimit
        greeting = settings.greetingLimit
        recall = settings.recallLimit
        last = now
    }

    /// Takes note that the worker has greeted.
    package mutating func greeted() { isGreeted = true }

    /// Takes note that the worker said something.
    package mutating func heard(at now: Instant) { last = now }

    /// Takes note that a worker that owed nothing was asked: it has not been silent before.
    package mutating func asked(at now: Instant) { last = now }

    /// Takes note that the worker was told to let go of a request.
    package mutating func recalled(_ request: UInt64, at now: Instant) { recalls[request] = now }

    /// Takes note that a request is over.
    package mutating func settled(_ request: UInt64) { recalls[request] = nil }

    /// Whether the worker counts as hung.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - owes: Whether it owes an answer.
    ///   - isPreparing: Whether it loads its nets, about which it cannot say anything; then it has as long as for a greeting.
    /// - Returns: Whether it should be ended.
    package func isHung(at now: Instant, owes: Bool, isPreparing: Bool = false) -> Bool {
        guard isGreeted, !isPreparing else { return now - last > greeting }
        return owes && now - last > silence || recalls.values.contains { now - $0 > recall }
    }
}
