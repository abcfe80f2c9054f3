/// Which requests are under way on a worker, and what becomes of them when it dies.
///
/// A pure state machine: the shell tells it what happened and does what it answers.
package struct RequestLedger: Sendable {
    /// What to do with a request after its worker died.
    package enum Verdict: Hashable, Sendable {
        /// Forget what it emitted so far and send it again to the next worker.
        case retry
        /// Give up; it killed as many workers as it may.
        case fail
    }

    private struct Entry {
        var request: WorkerRequest
        var deaths = 0
        var isSent = false
        var isRecalled = false
    }

    /// How often a worker may die on a request before the request is given up.
    package let maximumDeaths: Int
    private var entries: [UInt64: Entry] = [:]
    private var lastNumber: UInt64 = 0

    /// Creates an empty ledger.
    ///
    /// - Parameter maximumDeaths: At least 1.
    package init(maximumDeaths: Int = 2) {
        self.maximumDeaths = max(1, maximumDeaths)
    }

    /// Whether nothing is under way.
    package var isEmpty: Bool { entries.isEmpty }

    /// Whether a worker is expected to say something.
    package var isWaiting: Bool { entries.values.contains { $0.isSent } }

    /// Whether a worker is loading its nets.
    package var isWarmingUp: Bool { entries.values.contains { $0.isSent && $0.request == .warmUp } }

    /// Takes a request in and gives it its number.
    package mutating func add(_ request: WorkerRequest) -> UInt64 {
        lastNumber += 1
        entries[lastNumber] = Entry(request: request)
        return lastNumber
    }

    /// The requests to send now, in order of their numbers; they count as sent from here on.
    package mutating func takeUnsent() -> [Envelope<WorkerRequest>] {
        entries.filter { !$0.value.isSent }.keys.sorted().compactMap { number in
            entries[number]?.isSent = true
            return entries[number].map { Envelope(request: number, body: $0.request) }
        }
    }

    /// Crosses a request off.
    ///
    /// - Parameter number: The request's number.
    /// - Returns: Whether it was under way.
    @discardableResult
    package mutating func remove(_ number: UInt64) -> Bool {
        entries.removeValue(forKey: number) != nil
    }

    /// Notes that nobody wants the answer any more; should the worker die before it lets go, it is not asked again.
    ///
    /// - Parameter number: The request's number.
    /// - Returns: Whether the worker has it; one that has not been sent is crossed off.
    package mutating func recall(_ number: UInt64) -> Bool {
        guard entries[number]?.isSent == true else {
            remove(number)
            return false
        }
        entries[number]?.isRecalled = true
        return true
    }

    /// Notes that the worker is gone.
    ///
    /// When several requests were under way, which of them killed the worker cannot be known; each is blamed, and a
    /// sound one survives because the poisoned one is given up first or alongside it only after ``maximumDeaths``.
    /// A live stream is never given up: what was asked about it is.
    ///
    /// - Returns: What becomes of each request that had been sent, in order of their numbers.
    package mutating func workerDied() -> [(request: UInt64, verdict: Verdict)] {
        entries.filter(\.value.isSent).keys.sorted().map { number in
            let deaths = (entries[number]?.deaths ?? 0) + 1
            entries[number]?.deaths = deaths
            entries[number]?.isSent = false
            let mayGoOn = deaths < maximumDeaths || entries[number]?.request.isEndless == true
            if mayGoOn, entries[number]?.isRecalled == false { return (number, .retry) }
            entries.removeValue(forKey: number)
            return (number, .fail)
        }
    }
}

extension WorkerRequest {
    /// Whether the request is sent again however many workers it costs.
    fileprivate var isEndless: Bool {
        if case .live = self { true } else { false }
    }
}
