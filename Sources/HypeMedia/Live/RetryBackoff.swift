import HypeCore

/// Pauses between tries to open a source: growing, with jitter, and short again after a source that lasted.
package struct RetryBackoff: Sendable {
    /// The shortest pause.
    package var shortest: Duration
    /// The longest pause, without jitter.
    package var longest: Duration
    private var next: Duration

    /// Creates pauses.
    package init(shortest: Duration = .milliseconds(100), longest: Duration = .seconds(5)) {
        self.shortest = shortest
        self.longest = longest
        next = shortest
    }

    /// The pause before the next try, up to a quarter longer than planned.
    ///
    /// - Parameters:
    ///   - lifetime: How long the source was open, or was being opened.
    ///   - jitter: A number from 0 up to 1.
    /// - Returns: The pause.
    package mutating func pause(afterLifetime lifetime: Duration, jitter: Double = .random(in: 0..<1)) -> Duration {
        if lifetime > .seconds(10) { next = shortest }
        defer { next = min(longest, next * 2) }
        return next + next * (jitter / 4)
    }
}
