import HypeCore
import HypeMedia
import Synchronization

/// Lets a number of threads do something at the same time; others wait, and give up with their job.
final class TurnLimit: Sendable {
    private let count: Int
    private let running = Mutex(0)

    init(count: Int) {
        self.count = max(1, count)
    }

    /// Does something when it is the caller's turn.
    func run<Result>(for job: Job, _ body: () throws -> Result) throws -> Result {
        while !enter() {
            job.progress(to: .zero)
            try job.interrupt.pause(for: .milliseconds(2))
        }
        defer { running.withLock { $0 -= 1 } }
        return try body()
    }

    private func enter() -> Bool {
        running.withLock { running in
            guard running < count else { return false }
            running += 1
            return true
        }
    }
}
