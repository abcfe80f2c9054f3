import HypeCore

/// A moment that may still change.
struct OpenMoment: Sendable {
    /// How long a core must not have changed before its clip is cut with post-roll.
    ///
    /// A late chat signal grows once a second; the clip is cut when that has stopped, not once for each second.
    static let steady: Duration = .seconds(2)

    let id: Int
    /// The signals that speak for it.
    var members: Set<TrackedSignal.Key>
    /// The stretch that the members cover, at most as long as a moment may be.
    var core: MediaInterval
    /// When the core last became another.
    var changedAt: MediaTime
    /// Whether it is as long as a moment may be, and takes no more signals.
    var isSealed = false
    /// What the owner was told last; nil before the first time.
    var announced: Moment.Decision?
    /// When the present decision was made.
    var decidedAt: MediaTime
    /// The core that the owner was last told to cut.
    var cut: (core: MediaInterval, isComplete: Bool)?

    var kinds: Set<SignalKind> { Set(members.map(\.kind)) }
    var decision: Moment.Decision { kinds.count == SignalKind.allCases.count ? .instant : .clip }

    /// Grows the core to a wanted stretch, as far as the longest moment allows.
    ///
    /// What led to the moment comes first: the core reaches back before it reaches on.
    mutating func grow(to wanted: MediaInterval, longest: Duration) {
        let union = core.union(wanted)
        guard union.duration > longest else {
            core = union
            return
        }
        let start = max(union.start, core.end - longest)
        core = MediaInterval(start: start, end: min(union.end, start + longest))
        isSealed = true
    }
}
