import HypeMedia
import HypeWorkerLink

/// How long one subject may take, and the switch that ends its media calls when that is over or the request is given up.
struct TimeBudget: Sendable {
    let start: ContinuousClock.Instant
    let interrupt: MediaInterrupt
    private let end: ContinuousClock.Instant?
    private let job: Job

    init(_ limit: Duration?, job: Job) {
        start = .now
        end = limit.map { ContinuousClock.now + $0 }
        self.job = job
        interrupt = MediaInterrupt(under: job.interrupt, deadline: end)
    }

    /// Whether there is an end at all.
    var isLimited: Bool { end != nil }

    /// Whether the time is over.
    var isSpent: Bool { end.map { ContinuousClock.now >= $0 } ?? false }

    /// Does work that the interrupt may end.
    ///
    /// - Returns: What the work returns; nil where the time was over.
    /// - Throws: What the work throws, or a ``WorkerFailure`` where the request was given up.
    func limited<Result>(_ work: () throws -> Result) throws -> Result? {
        do {
            return try work()
        } catch let error as MediaError where error.code == .cancelled {
            try job.checkCancellation()
            return nil
        }
    }
}
