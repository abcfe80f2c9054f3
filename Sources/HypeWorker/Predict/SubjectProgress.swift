import HypeCore
import Synchronization

/// How far the branches of one subject have come; what is reported is the one that is behind.
final class SubjectProgress: Sendable {
    /// The branches.
    enum Branch: Hashable, Sendable {
        case face, voice
    }

    private let job: Job
    private let subject: Int
    private let positions = Mutex<[Branch: MediaTime]>([:])
    private let end: MediaTime

    init(job: Job, subject: Int, end: MediaTime, branches: [Branch]) {
        self.job = job
        self.subject = subject
        self.end = end
        positions.withLock { positions in
            for branch in branches { positions[branch] = .zero }
        }
    }

    /// Takes note that a branch has come to a position; reports at most a few times a second.
    func reached(_ position: MediaTime, by branch: Branch) {
        let slowest = positions.withLock { positions in
            positions[branch] = position
            return positions.values.min() ?? position
        }
        job.progress(to: slowest, end: end, subject: subject)
    }

    /// Takes note that a branch is done.
    func finished(_ branch: Branch) { reached(end, by: branch) }
}
