/// How one kind of observation becomes a signal.
package struct GateSettings: Hashable, Sendable {
    /// Score at which a signal opens, 0…1; 0.5 is the detector's own alarm threshold.
    package var open: Double
    /// Score below which an open signal calms down, 0…1, below ``open``.
    package var close: Double
    /// How long the score must have been high, dips not counted, before the signal counts.
    package var minimum: Duration
    /// How long it must stay calm to end the signal and arm the next; shorter dips are bridged.
    package var rearm: Duration
    /// Longest signal; after it the kind must calm down once before it can speak again.
    package var longest: Duration
    /// Part of its highest score that an observation must reach to extend the signal, 0…1.
    ///
    /// 0 lets the signal last until it calms down. A chat score is taken over a sliding window and so stays high long
    /// after people stopped typing; a plateau near 1 ends the signal where the chat was at its height.
    package var plateau: Double

    /// Creates settings.
    package init(
        open: Double = 0.5,
        close: Double = 0.35,
        minimum: Duration,
        rearm: Duration,
        longest: Duration = .seconds(60),
        plateau: Double = 0
    ) {
        self.open = open
        self.close = close
        self.minimum = minimum
        self.rearm = rearm
        self.longest = longest
        self.plateau = plateau
    }
}
