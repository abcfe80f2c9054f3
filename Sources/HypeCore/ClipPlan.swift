/// What to cut, and why.
package struct ClipPlan: Hashable, Sendable, Codable {
    /// The stretch to cut, with pre- and post-roll.
    package var interval: MediaInterval
    /// The part of ``interval`` that the moments' signals cover.
    package var core: MediaInterval
    /// The moments inside, in the order of their cores; at least one.
    package var moments: [Int]
    /// ``Moment/Decision/instant`` where one of the moments is, else ``Moment/Decision/clip``.
    package var decision: Moment.Decision
    /// The highest score of the moments, 0…1.
    package var score: Double
    /// Why it was cut and how start and end were chosen, in words for a person.
    package var reason: String

    /// Creates a plan.
    package init(
        interval: MediaInterval,
        core: MediaInterval,
        moments: [Int],
        decision: Moment.Decision,
        score: Double,
        reason: String
    ) {
        self.interval = interval
        self.core = core
        self.moments = moments
        self.decision = decision
        self.score = score
        self.reason = reason
    }
}
