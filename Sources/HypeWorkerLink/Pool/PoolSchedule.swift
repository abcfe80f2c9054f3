import HypeCore

/// Which request goes to which worker of a pool, and what becomes of the others.
///
/// A pure state machine: the shell tells it what happened and does what it answers, in order. A worker works on one request at
/// a time, so that it is known whose file ended it. Every request that is submitted gets exactly one end: it is finished,
/// refused, or cancelled by who asked. Requests of one client are taken in their order, clients in turns.
package struct PoolSchedule: Sendable {
    /// Number of a request.
    package typealias Ticket = UInt64

    /// Why a request ends without an answer.
    package enum Refusal: Hashable, Sendable {
        /// Too many wait; it may be tried again after this time.
        case busy(retryAfter: Duration)
        /// Its time was over.
        case expired
        /// It ended as many workers as it may.
        case guilty
        /// No worker can be started.
        case broken
        /// The pool is over.
        case closed
    }

    /// What the shell has to do.
    package enum Action: Hashable, Sendable {
        /// Send a request to a worker.
        case start(Ticket, worker: Int)
        /// Tell the asker that there will be no answer.
        case refuse(Ticket, Refusal)
        /// Tell a worker to let go of its request.
        case interrupt(worker: Int)
        /// End a worker and start another in its place.
        case replace(worker: Int)
    }

    private enum Occupation: Hashable {
        case starting
        case idle
        case busy(Ticket)
        /// Works on a request that nobody wants any more.
        case lettingGo
        case broken
    }

    private struct Worker {
        var occupation = Occupation.starting
        /// Requests that it has had.
        var requests = 0
        /// Resident bytes when it was warm.
        var memory: Int64 = 0

        var isReady: Bool {
            switch occupation {
            case .idle, .busy, .lettingGo: true
            case .starting, .broken: false
            }
        }
    }

    /// How large the pool is.
    package let limits: PoolLimits
    private var workers: [Worker]
    private var queue: FairQueue<Ticket>
    /// Requests whose worker died, to be tried again before all others; at most one for each worker.
    private var returned: [Ticket] = []
    private var deaths: [Ticket: Int] = [:]
    private var times = ServiceTimes()
    private var counts = PoolReport.Counts()
    private var last: Ticket = 0
    private var isClosed = false

    /// Creates a schedule whose workers are all being started.
    package init(limits: PoolLimits) {
        self.limits = limits
        workers = [Worker](repeating: Worker(), count: limits.workers)
        queue = FairQueue(capacity: limits.waiting)
    }

    /// What was done and is being done.
    package var report: PoolReport {
        PoolReport(
            workers: workers.count,
            ready: workers.count(where: \.isReady),
            busy: workers.count { $0.isReady && $0.occupation != .idle },
            waiting: queue.count + returned.count,
            capacity: queue.capacity,
            meanTime: times.mean,
            counts: counts
        )
    }

    /// Whether no worker can be started.
    package var isBroken: Bool { workers.allSatisfy { $0.occupation == .broken } }

    /// A number for a request that is about to be submitted.
    package mutating func makeTicket() -> Ticket {
        last += 1
        return last
    }

    /// Whether a request has ended a worker before.
    package func isSuspect(_ ticket: Ticket) -> Bool { deaths[ticket] != nil }

    // MARK: What askers do

    /// Takes a request in, or refuses it.
    ///
    /// - Parameters:
    ///   - ticket: Its number, from ``makeTicket()``.
    ///   - client: Who asks.
    ///   - deadline: How long it may take; where it would wait longer than that, it is refused at once.
    /// - Returns: What to do.
    package mutating func submit(_ ticket: Ticket, of client: String, within deadline: Duration? = nil) -> [Action] {
        if isClosed { return [.refuse(ticket, .closed)] }
        if isBroken { return [.refuse(ticket, .broken)] }
        let isFree = queue.isEmpty && returned.isEmpty && workers.contains { $0.occupation == .idle }
        let wait = delay(behind: queue.ahead(of: client) + returned.count)
        if !isFree, let deadline, wait >= deadline { return [refuse(ticket, after: wait)] }
        switch queue.add(ticket, of: client) {
        case .queued: return dispatch()
        case .displaced(let other): return [refuse(other, after: delay(behind: queue.count))] + dispatch()
        case .refused: return [refuse(ticket, after: delay(behind: queue.count))]
        }
    }

    /// Takes note that nobody waits for an answer any more.
    package mutating func cancel(_ ticket: Ticket) -> [Action] {
        guard let actions = drop(ticket) else { return [] }
        counts.cancelled += 1
        return actions
    }

    /// Takes note that a request's time is over.
    ///
    /// - Parameters:
    ///   - ticket: The request.
    ///   - evenIfRunning: Whether one that a worker works on is given up too.
    /// - Returns: What to do.
    package mutating func expire(_ ticket: Ticket, evenIfRunning: Bool) -> [Action] {
        if !evenIfRunning, workers.contains(where: { $0.occupation == .busy(ticket) }) { return [] }
        guard let actions = drop(ticket) else { return [] }
        counts.expired += 1
        return [.refuse(ticket, .expired)] + actions
    }

    // MARK: What workers do

    /// Takes note that a worker is warm.
    ///
    /// - Parameters:
    ///   - worker: Its number.
    ///   - memory: Its resident bytes; 0 where they are not known.
    /// - Returns: What to do.
    package mutating func ready(_ worker: Int, memory: Int64 = 0) -> [Action] {
        guard !isClosed else { return [] }
        workers[worker] = Worker(occupation: .idle, memory: memory)
        return dispatch()
    }

    /// Takes note that a worker has answered or let go of its request.
    ///
    /// - Parameters:
    ///   - worker: Its number.
    ///   - time: How long it took.
    ///   - memory: Its resident bytes; 0 where they are not known.
    /// - Returns: What to do.
    package mutating func finished(_ worker: Int, after time: Duration, memory: Int64 = 0) -> [Action] {
        switch workers[worker].occupation {
        case .busy(let ticket):
            counts.served += 1
            deaths[ticket] = nil
            times.add(time)
        case .lettingGo: break
        case .starting, .idle, .broken: return []
        }
        workers[worker].occupation = .idle
        workers[worker].requests += 1
        let growth = workers[worker].memory > 0 && memory > 0 ? memory - workers[worker].memory : 0
        let isWorn = workers[worker].requests >= limits.lifetime || growth > limits.growth
        // One at a time: somebody must be there to work meanwhile.
        guard isWorn, workers.count == 1 || workers.indices.contains(where: { $0 != worker && workers[$0].isReady })
        else { return dispatch() }
        counts.replaced += 1
        workers[worker].occupation = .starting
        return [.replace(worker: worker)] + dispatch()
    }

    /// Takes note that a worker died, or was ended; another will be started in its place.
    ///
    /// The request that it worked on is tried once more, before all others, unless it has ended too many workers.
    ///
    /// - Parameters:
    ///   - worker: Its number.
    ///   - isBlamed: Whether its request may be why; false where the worker was dead before it got it.
    /// - Returns: What to do.
    package mutating func lost(_ worker: Int, isBlamed: Bool = true) -> [Action] {
        let occupation = workers[worker].occupation
        workers[worker].occupation = .starting
        if occupation != .starting, occupation != .broken { counts.died += 1 }
        guard case .busy(let ticket) = occupation, !isClosed else { return [] }
        guard isBlamed else {
            returned.append(ticket)
            return dispatch()
        }
        let count = (deaths[ticket] ?? 0) + 1
        guard count < limits.deaths else {
            deaths[ticket] = nil
            counts.guilty += 1
            return [.refuse(ticket, .guilty)] + dispatch()
        }
        deaths[ticket] = count
        counts.retried += 1
        returned.append(ticket)
        return dispatch()
    }

    /// Takes note that a worker cannot be started; whoever waits is told where there is no other.
    package mutating func broke(_ worker: Int) -> [Action] {
        let actions = lost(worker)
        workers[worker].occupation = .broken
        return isBroken ? actions + empty(.broken) : actions
    }

    /// Ends everything.
    package mutating func close() -> [Action] {
        guard !isClosed else { return [] }
        isClosed = true
        let running = workers.compactMap { worker -> Ticket? in
            if case .busy(let ticket) = worker.occupation { ticket } else { nil }
        }
        for worker in workers.indices { workers[worker].occupation = .broken }
        return running.map { Action.refuse($0, .closed) } + empty(.closed)
    }

    // MARK: Inside

    private mutating func dispatch() -> [Action] {
        var actions: [Action] = []
        for worker in workers.indices where workers[worker].occupation == .idle {
            guard let ticket = returned.isEmpty ? queue.next() : returned.removeFirst() else { break }
            workers[worker].occupation = .busy(ticket)
            actions.append(.start(ticket, worker: worker))
        }
        return actions
    }

    /// Forgets a request; nil where it is over already.
    private mutating func drop(_ ticket: Ticket) -> [Action]? {
        if queue.remove(ticket) { return [] }
        deaths[ticket] = nil
        if let place = returned.firstIndex(of: ticket) {
            returned.remove(at: place)
            return []
        }
        guard let worker = workers.firstIndex(where: { $0.occupation == .busy(ticket) }) else { return nil }
        workers[worker].occupation = .lettingGo
        return [.interrupt(worker: worker)]
    }

    private mutating func refuse(_ ticket: Ticket, after wait: Duration) -> Action {
        counts.refused += 1
        return .refuse(ticket, .busy(retryAfter: wait))
    }

    private mutating func empty(_ refusal: Refusal) -> [Action] {
        var tickets = returned
        while let ticket = queue.next() { tickets.append(ticket) }
        returned = []
        deaths = [:]
        return tickets.map { .refuse($0, refusal) }
    }

    /// How long a request waits until a worker takes it, where some others are before it.
    private func delay(behind others: Int) -> Duration {
        times.mean * (others + 1) / max(1, workers.count(where: \.isReady))
    }
}
