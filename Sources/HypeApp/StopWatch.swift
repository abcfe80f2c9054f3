import Synchronization

/// Adds up how long the parts of an analysis take on a monotonic clock.
final class StopWatch: Sendable {
    private let started = ContinuousClock.now
    private let sums = Mutex<[ProgressTally.Step: Duration]>([:])

    /// Time since the watch was made.
    var total: Duration { ContinuousClock.now - started }

    /// Time spent in a step so far.
    subscript(_ step: ProgressTally.Step) -> Duration { sums.withLock { $0[step] ?? .zero } }

    /// Measures a piece of work.
    func time<Result: Sendable>(
        _ step: ProgressTally.Step,
        _ work: () async throws -> Result
    ) async rethrows -> Result {
        let begin = ContinuousClock.now
        defer {
            let span = ContinuousClock.now - begin
            sums.withLock { $0[step, default: .zero] += span }
        }
        return try await work()
    }
}
