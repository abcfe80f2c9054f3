import HypeCore

/// How long to wait before a connection is tried again.
///
/// Pauses grow by a factor and are shortened at random, so that clients that lost the same server do not come back at the
/// same instant. A pure value: the random numbers come from a seed.
package struct ReconnectBackoff: Sendable {
    /// How pauses grow.
    package struct Settings: Hashable, Sendable {
        /// Longest first pause, above 0.
        package var first: Duration = .milliseconds(500)
        /// What each pause is multiplied by to get the next, at least 1.
        package var factor = 2.0
        /// Longest pause, at least ``first``.
        package var longest: Duration = .seconds(30)
        /// Part of the pause that is left to chance, 0…1.
        package var jitter = 0.5
        /// How long a connection must have lasted to count as sound, so that the pauses begin anew.
        package var soundAfter: Duration = .seconds(30)

        /// Creates the default values.
        package init() {}
    }

    /// How pauses grow.
    package let settings: Settings
    /// Attempts that failed one after the other.
    package private(set) var failures = 0
    private var generator: SplitMix64

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - settings: How pauses grow.
    ///   - seed: Of the random part.
    package init(settings: Settings = Settings(), seed: UInt64) {
        self.settings = settings
        generator = SplitMix64(seed: seed)
    }

    /// Notes that an attempt failed or a connection was lost.
    ///
    /// - Returns: The pause before the next attempt, between `(1 - jitter)` times its bound and the bound.
    package mutating func failed() -> Duration {
        failures += 1
        var bound = settings.first
        for _ in 1..<max(2, min(failures, 64)) where failures > 1 && bound < settings.longest {
            bound = bound * max(1, settings.factor)
        }
        bound = min(bound, settings.longest)
        return bound * (1 - min(max(0, settings.jitter), 1) * generator.uniform())
    }

    /// Notes that a connection has lasted long enough to be sound.
    package mutating func succeeded() { failures = 0 }

    /// A random number below a bound.
    mutating func number(below count: Int) -> Int { generator.index(below: max(1, count)) }
}
