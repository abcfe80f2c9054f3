/// Makes whoever guesses keys wait; a pure state machine.
package struct WrongKeyLimiter: Sendable {
    /// How many guesses are allowed.
    package struct Limits: Hashable, Sendable {
        /// Wrong keys of one address within ``window`` before it has to wait.
        package var attempts: Int
        /// Time over which wrong keys are counted, and for which the address has to wait from the last one on.
        package var window: Duration
        /// Addresses that are remembered at most; beyond that the one that was wrong longest ago is forgotten.
        package var addresses: Int

        /// Creates limits.
        package init(attempts: Int = 10, window: Duration = .seconds(60), addresses: Int = 1024) {
            self.attempts = max(1, attempts)
            self.window = window
            self.addresses = max(1, addresses)
        }
    }

    private struct Guesses {
        var count: Int
        var first: ContinuousClock.Instant
        var latest: ContinuousClock.Instant
    }

    private let limits: Limits
    private var guesses: [String: Guesses] = [:]

    /// Creates a limiter that has seen nothing.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How long an address still has to wait; nil where it may try.
    package func wait(_ address: String, now: ContinuousClock.Instant) -> Duration? {
        guard let guess = guesses[address], guess.count >= limits.attempts else { return nil }
        let rest = limits.window - (now - guess.latest)
        return rest > .zero ? rest : nil
    }

    /// Notes a wrong key.
    package mutating func noteWrongKey(_ address: String, now: ContinuousClock.Instant) {
        var guess = guesses[address] ?? Guesses(count: 0, first: now, latest: now)
        if now - guess.first > limits.window, wait(address, now: now) == nil {
            guess = Guesses(count: 0, first: now, latest: now)
        }
        guess.count += 1
        guess.latest = now
        guesses[address] = guess
        guard guesses.count > limits.addresses else { return }
        if let oldest = guesses.min(by: { $0.value.latest < $1.value.latest })?.key { guesses[oldest] = nil }
    }

    /// Forgets an address that presented a right key.
    package mutating func noteRightKey(_ address: String) {
        guesses[address] = nil
    }
}
