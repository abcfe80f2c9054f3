/// One of the three independent witnesses of a hype moment.
package enum SignalKind: String, CaseIterable, Codable, CodingKeyRepresentable, Comparable, Sendable {
    case chat, voice, face

    package static func < (left: SignalKind, right: SignalKind) -> Bool { left.rawValue < right.rawValue }
}

/// What one detector saw in one short stretch of media time.
///
/// A detector emits a steady series of these. ``score`` is scaled so that 0.5 is the detector's own alarm threshold.
package struct Observation: Hashable, Sendable, Codable {
    /// Which detector it comes from.
    package var kind: SignalKind
    /// The stretch that was looked at, on the media clock; for chat, before any correction for chat lag.
    package var interval: MediaInterval
    /// How exciting it looks, 0…1, or nil where the detector could not see (see ``missing``).
    package var score: Double?
    /// Why there is no score, in words for a person; nil where there is one.
    package var missing: String?
    /// What was seen.
    package var evidence: Evidence?

    /// Creates an observation with a score, which is clamped to 0…1.
    package init(kind: SignalKind, interval: MediaInterval, score: Double, evidence: Evidence?) {
        self.kind = kind
        self.interval = interval
        self.score = score.isNaN ? 0 : min(1, max(0, score))
        self.evidence = evidence
    }

    /// Creates an observation that says why nothing could be seen.
    package init(kind: SignalKind, interval: MediaInterval, missing reason: String) {
        self.kind = kind
        self.interval = interval
        self.missing = reason
    }
}

/// Whether a signal speaks for a moment, against it, or not at all.
package enum SignalState: Hashable, Sendable, Codable {
    /// Votes for a moment.
    case present
    /// Looked and saw nothing exciting.
    case quiet
    /// Could not look; neither a vote for nor one against.
    case missing(reason: String)
}

/// A stretch of media time in which one kind of observation kept the same state.
package struct Signal: Hashable, Sendable, Codable {
    /// Which detector it comes from.
    package var kind: SignalKind
    /// The stretch on the media clock; for chat, corrected for chat lag.
    package var interval: MediaInterval
    /// The highest score in the stretch, 0…1.
    package var score: Double
    /// What it says.
    package var state: SignalState
    /// What was seen at the highest score.
    package var evidence: Evidence?

    /// Creates a signal.
    package init(
        kind: SignalKind,
        interval: MediaInterval,
        score: Double,
        state: SignalState,
        evidence: Evidence? = nil
    ) {
        self.kind = kind
        self.interval = interval
        self.score = score
        self.state = state
        self.evidence = evidence
    }
}
