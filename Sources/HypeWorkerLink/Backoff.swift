/// Growing pauses between attempts.
package struct Backoff: Sendable, Hashable {
    /// Pause before the second attempt.
    package var first: Duration
    /// Longest pause.
    package var longest: Duration
    /// How long a worker must have lived for the next pause to be the first one again.
    package var reset: Duration
    private var failures = 0

    /// Creates a schedule that doubles the pause each time.
    package init(first: Duration = .milliseconds(200), longest: Duration = .seconds(10), reset: Duration = .seconds(60))
    {
        self.first = first
        self.longest = longest
        self.reset = reset
    }

    /// The pause before the next attempt.
    ///
    /// - Parameter lifetime: How long the attempt that just ended lasted.
    /// - Returns: A pause between ``first`` and ``longest``.
    package mutating func pause(afterLifetime lifetime: Duration) -> Duration {
        if lifetime >= reset { failures = 0 }
        defer { failures += 1 }
        return failures >= 16 ? longest : min(longest, first * (1 << failures))
    }
}
