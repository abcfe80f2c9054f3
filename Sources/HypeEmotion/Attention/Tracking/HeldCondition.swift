package import HypeCore

/// Whether a measure has been above a limit for long enough.
///
/// A pure value with hysteresis in level (another, lower limit to end) and in time (a delay to begin and one to end), so
/// noise at a limit does not make it flap. Not knowing is neither above nor below: it stops a beginning condition, and a
/// begun one ends after a while for want of evidence, which is told apart from an all-clear.
package struct HeldCondition: Hashable, Sendable {
    /// Limits of a condition.
    package struct Limits: Hashable, Sendable {
        /// Value from which the condition may begin.
        package var begin: Double
        /// Value below which it may end; at most `begin`.
        package var end: Double
        /// How long the value must be at least `begin`.
        package var hold: Duration
        /// How long the value must be below `end`.
        package var release: Duration
        /// How long nothing may be known before a begun condition ends.
        package var tolerance: Duration

        /// Creates limits.
        package init(begin: Double, end: Double, hold: Duration, release: Duration, tolerance: Duration) {
            self.begin = begin
            self.end = end
            self.hold = hold
            self.release = release
            self.tolerance = tolerance
        }
    }

    /// What changed.
    package enum Change: Hashable, Sendable {
        /// The condition holds; it has been so since a time.
        case begun(since: MediaTime)
        /// The condition no longer holds; the value has been below the limit since a time.
        case cleared(since: MediaTime)
        /// Whether the condition holds is not known since a time.
        case lost(since: MediaTime)
    }

    private enum State: Hashable, Sendable {
        case idle
        case rising(since: MediaTime)
        case active
        case falling(since: MediaTime)
    }

    private let limits: Limits
    private var state = State.idle
    private var unknownSince: MediaTime?

    /// Creates a condition that does not hold.
    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// Whether the condition holds.
    package var isActive: Bool {
        switch state {
        case .idle, .rising: false
        case .active, .falling: true
        }
    }

    /// Takes in the next value.
    ///
    /// - Parameters:
    ///   - value: The measure; nil where it is not known.
    ///   - time: Not before the one before.
    /// - Returns: What changed, or nil.
    package mutating func update(_ value: Double?, at time: MediaTime) -> Change? {
        guard let value, !value.isNaN else { return miss(at: time) }
        unknownSince = nil
        switch state {
        case .idle:
            return value >= limits.begin ? rise(since: time, at: time) : nil
        case .rising(let since):
            guard value >= limits.begin else {
                state = .idle
                return nil
            }
            return rise(since: since, at: time)
        case .active:
            return value < limits.end ? fall(since: time, at: time) : nil
        case .falling(let since):
            guard value < limits.end else {
                state = .active
                return nil
            }
            return fall(since: since, at: time)
        }
    }

    private mutating func rise(since: MediaTime, at time: MediaTime) -> Change? {
        guard time - since >= limits.hold else {
            state = .rising(since: since)
            return nil
        }
        state = .active
        return .begun(since: since)
    }

    private mutating func fall(since: MediaTime, at time: MediaTime) -> Change? {
        guard time - since >= limits.release else {
            state = .falling(since: since)
            return nil
        }
        state = .idle
        return .cleared(since: since)
    }

    private mutating func miss(at time: MediaTime) -> Change? {
        let since = unknownSince ?? time
        unknownSince = since
        switch state {
        case .idle: return nil
        case .rising:
            state = .idle
            return nil
        case .active, .falling:
            // What was falling before it was lost from sight has not been seen to end.
            state = .active
            guard time - since >= limits.tolerance else { return nil }
            state = .idle
            return .lost(since: since)
        }
    }
}
