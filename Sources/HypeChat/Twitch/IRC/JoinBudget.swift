/// How many channels may be joined now: so many within any window of so long.
struct JoinBudget: Sendable {
    private let count: Int
    private let window: Duration
    private var times: [Duration] = []

    /// Creates an untouched budget.
    ///
    /// - Parameters:
    ///   - count: Joins within a window, at least 1.
    ///   - window: Length of the window.
    init(count: Int, window: Duration) {
        self.count = max(1, count)
        self.window = window
    }

    /// Takes one join out of the budget if there is one left.
    mutating func take(at now: Duration) -> Bool {
        times.removeAll { now - $0 >= window }
        guard times.count < count else { return false }
        times.append(now)
        return true
    }

    /// When a join will be possible again, at the earliest; `now` where one is possible at once.
    func nextChance(at now: Duration) -> Duration {
        guard times.count >= count, let oldest = times.first else { return now }
        return max(now, oldest + window)
    }
}
