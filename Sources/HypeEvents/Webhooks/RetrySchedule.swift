package import Foundation
package import HypeCore

/// When an attempt that failed is repeated, and when that is given up.
///
/// With the default values the attempts are spread over about 20 hours. A pure value: the caller brings the time and the
/// random numbers.
package struct RetrySchedule: Hashable, Sendable {
    /// Pause after the first attempt.
    package var first: Duration = .seconds(5)
    /// What each pause is multiplied by to get the next, at least 1.
    package var factor = 4.0
    /// Longest pause, but for one that the receiver asks for.
    package var longest: Duration = .seconds(6 * 3600)
    /// Attempts after which a delivery is dead, at least 1.
    package var attempts = 10
    /// Part of the pause by which it is lengthened or shortened at random, 0…1, so that receivers that come back are not
    /// overrun.
    package var jitter = 0.2
    /// Longest pause that a receiver may ask for with `Retry-After`.
    package var longestAsked: Duration = .seconds(24 * 3600)

    /// What becomes of a delivery after an attempt.
    package enum Verdict: Hashable, Sendable {
        /// It arrived.
        case delivered
        /// It is tried again at a time.
        case retry(at: Date)
        /// It is given up.
        case dead
        /// It is given up, and the webhook is removed: the receiver does not want to be told any more.
        case unsubscribed
    }

    /// Creates a schedule with default values.
    package init() {}

    /// What becomes of a delivery after an attempt.
    ///
    /// - 2xx: it arrived.
    /// - 410: the webhook is removed.
    /// - 404, 408, 425, 429, 5xx, and everything that happens before an answer: again. 404 is among them because a proxy
    ///   says so while the receiver behind it starts.
    /// - All other 3xx and 4xx: dead at once. The receiver has looked at the request and does not want it; the same bytes
    ///   will not please it later. Redirects are not followed. A person mends the receiver and has the dead letter sent
    ///   again.
    ///
    /// - Parameters:
    ///   - result: How the attempt ended.
    ///   - attempts: Attempts so far, with this one; at least 1.
    ///   - now: The wall clock.
    ///   - generator: Random numbers for the jitter.
    /// - Returns: The verdict.
    package func verdict(
        on result: WebhookResult,
        attempts: Int,
        now: Date,
        using generator: inout SplitMix64
    ) -> Verdict {
        switch result {
        case .reply(status: 200...299, _): return .delivered
        case .reply(status: 410, _): return .unsubscribed
        case .refused: return .dead
        case .reply(let status, _) where !isTemporary(status): return .dead
        case .reply, .unreachable: break
        }
        guard attempts < max(1, self.attempts) else { return .dead }
        var pause = pause(after: attempts, using: &generator)
        if case .reply(_, let asked?) = result {
            pause = max(pause, .seconds(min(max(0, asked), longestAsked.inSeconds)))
        }
        return .retry(at: now.addingTimeInterval(pause.inSeconds))
    }

    /// The pause after an attempt.
    ///
    /// - Parameters:
    ///   - attempts: Attempts so far, at least 1.
    ///   - generator: Random numbers for the jitter.
    /// - Returns: A pause between `(1 - jitter) * first` and `(1 + jitter) * longest`.
    package func pause(after attempts: Int, using generator: inout SplitMix64) -> Duration {
        let growth = pow(max(1, factor), Double(min(max(1, attempts), 64) - 1))
        let seconds = min(first.inSeconds * growth, longest.inSeconds)
        let spread = min(max(0, jitter), 1)
        return .seconds(seconds * (1 + spread * (2 * generator.uniform() - 1)))
    }

    private func isTemporary(_ status: Int) -> Bool {
        [404, 408, 425, 429].contains(status) || (500...599).contains(status)
    }
}
