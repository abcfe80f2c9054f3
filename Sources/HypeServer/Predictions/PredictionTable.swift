package import Foundation
import HypeCore

/// Files whose emotion is read in the background: which wait, which are being read, and what came of the others.
///
/// A pure table: the shell tells it what happened and when. Bounded in how many wait, in how many results are kept, in their
/// bytes and in their age; the oldest results go first.
package struct PredictionTable: Sendable {
    /// How far a job has come.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Waits.
        case queued
        /// A worker reads the files.
        case running
        /// There is a result.
        case done
        /// There will be none; the problem says why.
        case failed
        /// A client did not want it any more, or the server ended.
        case cancelled

        /// Whether nothing happens any more.
        package var isOver: Bool { self != .queued && self != .running }
    }

    /// How a job ended.
    package enum Outcome: Hashable, Sendable {
        /// The result as JSON.
        case done(Data)
        /// Why there is none.
        case failed(Problem)
        /// Why it was given up; nil where a client wanted that.
        case cancelled(String?)
    }

    /// One job.
    package struct Job: Hashable, Sendable, Identifiable {
        /// Names the job.
        package let id: String
        /// What the client calls the files.
        package let name: String
        /// How far it has come.
        package fileprivate(set) var state = State.queued
        /// How much is done, 0…100.
        package fileprivate(set) var percent = 0
        /// When it was asked for.
        package let createdAt: Date
        /// When it ended; nil before.
        package fileprivate(set) var finishedAt: Date?
        /// The result as JSON, where it is done.
        package fileprivate(set) var result: Data?
        /// Why it failed.
        package fileprivate(set) var problem: Problem?
        /// Why it has no result, for a person.
        package fileprivate(set) var reason: String?
    }

    private let settings: PredictionSettings
    private var jobs: [String: Job] = [:]
    private var queue: FairQueue<String>
    private var active: Set<String> = []
    /// Jobs that are over, the oldest first.
    private var over: [String] = []
    private var bytes = 0

    /// Creates an empty table.
    package init(settings: PredictionSettings) {
        self.settings = settings
        queue = FairQueue(capacity: settings.waiting)
    }

    /// Jobs that wait, or whose turn has come.
    package var unfinished: Int { queue.count + active.count }
    /// All jobs, the latest first.
    package var all: [Job] { jobs.values.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) } }

    /// A job; nil where there is none, or none any more.
    package func job(_ id: String) -> Job? { jobs[id] }

    /// What became of a job that wants to wait.
    package enum Admission: Hashable, Sendable {
        /// It waits.
        case queued
        /// It waits, and the latest job of a greedier client has failed for it.
        case displaced(String)
        /// There is no room.
        case refused
    }

    /// Takes a job in.
    ///
    /// - Parameters:
    ///   - id: Names it.
    ///   - name: What the client calls the files.
    ///   - client: Who asks; clients take turns.
    ///   - now: The wall clock.
    /// - Returns: Whether there was room.
    package mutating func add(_ id: String, name: String, of client: String, at now: Date) -> Admission {
        switch queue.add(id, of: client) {
        case .refused: return .refused
        case .queued:
            jobs[id] = Job(id: id, name: name, createdAt: now)
            return .queued
        case .displaced(let other):
            jobs[id] = Job(id: id, name: name, createdAt: now)
            finish(other, .failed(Problem(429, "Others wait too, and there was no room for all.")), at: now)
            return .displaced(other)
        }
    }

    /// The job whose turn it is; nil where none waits or enough are being read.
    package mutating func next() -> String? {
        guard active.count < settings.parallel, let id = queue.next() else { return nil }
        active.insert(id)
        return id
    }

    /// Takes note of how far a job has come.
    ///
    /// - Parameters:
    ///   - id: The job.
    ///   - fraction: Part that is done, 0…1; less than before counts as no progress.
    /// - Returns: The job where there is news for clients; nil otherwise.
    package mutating func advance(_ id: String, to fraction: Double) -> Job? {
        guard var job = jobs[id], !job.state.isOver, active.contains(id) else { return nil }
        // The last step is the result.
        let percent = min(99, max(job.percent, Int((fraction * 100).rounded(.down))))
        guard job.state == .queued || percent > job.percent else { return nil }
        job.state = .running
        job.percent = percent
        jobs[id] = job
        return job
    }

    /// Ends a job.
    ///
    /// - Returns: The job; nil where it was over or was never there.
    @discardableResult
    package mutating func finish(_ id: String, _ outcome: Outcome, at now: Date) -> Job? {
        queue.remove(id)
        active.remove(id)
        guard var job = jobs[id], !job.state.isOver else { return nil }
        job.finishedAt = now
        switch outcome {
        case .done(let result):
            job.state = .done
            job.percent = 100
            job.result = result
            bytes += result.count
        case .failed(let problem):
            job.state = .failed
            job.problem = problem
            job.reason = problem.detail ?? problem.title
        case .cancelled(let reason):
            job.state = .cancelled
            job.reason = reason
        }
        jobs[id] = job
        over.append(id)
        while over.count > settings.kept || bytes > settings.keptBytes && over.count > 1 { forgetOldest() }
        return job
    }

    /// Forgets results whose time is over.
    package mutating func tidy(at now: Date) {
        while let first = over.first, let end = jobs[first]?.finishedAt,
            now.timeIntervalSince(end) >= settings.lifetime.inSeconds
        { forgetOldest() }
    }

    private mutating func forgetOldest() {
        let id = over.removeFirst()
        bytes -= jobs.removeValue(forKey: id)?.result?.count ?? 0
    }
}
