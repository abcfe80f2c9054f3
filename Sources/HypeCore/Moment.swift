/// A stretch of media time about which the rule decided something, with everything that led to the decision.
///
/// Near misses are moments too: the rule looked at them and says why it did not cut a clip.
package struct Moment: Hashable, Sendable, Codable, Identifiable {
    /// What was decided.
    package enum Decision: String, Hashable, Sendable, Codable, CaseIterable {
        /// Two of three signals agree: a clip is cut once its post-roll has passed.
        case clip
        /// All three signals agree: a clip is cut at once.
        case instant
        /// No clip; ``Moment/miss`` and ``Moment/reason`` say why.
        case nearMiss
    }

    /// Why a near miss is no clip.
    package enum Miss: String, Hashable, Sendable, Codable, CaseIterable {
        /// One strong signal, and no other that speaks for it.
        case lone
        /// Two signals, but further apart than the window.
        case apart
        /// Two signals that agree, but too soon before or after another moment.
        case coolDown
    }

    /// Number of the decision, counted from 1 in the order in which decisions were made.
    package var id: Int
    /// What was decided.
    package var decision: Decision
    /// Why there is no clip; nil unless the decision is ``Decision/nearMiss``.
    package var miss: Miss?
    /// The stretch that the signals cover, without any pre- or post-roll; chat corrected for chat lag.
    package var core: MediaInterval
    /// Mean of the three signals' scores, where a signal that is not present counts 0; 0…1.
    package var score: Double
    /// The kinds that spoke for the moment, in the order of ``SignalKind``'s cases.
    package private(set) var kinds: [SignalKind]
    /// What each of the three kinds said, in the order of ``SignalKind``'s cases.
    package private(set) var votes: [Vote]
    /// The decision in words for a person.
    package var reason: String
    /// The position of the media clock at which the decision was made.
    package var decidedAt: MediaTime

    /// Creates a moment; ``kinds`` and ``score`` follow from the votes.
    package init(
        id: Int,
        decision: Decision,
        miss: Miss? = nil,
        core: MediaInterval,
        votes: [Vote],
        reason: String,
        decidedAt: MediaTime
    ) {
        self.id = id
        self.decision = decision
        self.miss = miss
        self.core = core
        self.votes = votes
        self.reason = reason
        self.decidedAt = decidedAt
        let present = votes.filter { $0.state == .present }
        kinds = present.map(\.kind)
        score = present.reduce(0) { $0 + ($1.score ?? 0) } / Double(SignalKind.allCases.count)
    }

    /// What one kind said about the moment, or nil where the moment does not mention it.
    package func vote(of kind: SignalKind) -> Vote? { votes.first { $0.kind == kind } }
}

/// What one kind of signal said about a moment.
package struct Vote: Hashable, Sendable, Codable {
    /// How a kind took part.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Spoke for the moment.
        case present
        /// Looked and saw nothing exciting enough.
        case quiet
        /// Could not look; neither for nor against. ``Vote/reason`` says why.
        case missing
        /// Was not asked to look here (faces on demand), or has not answered yet; neither for nor against.
        case unobserved
    }

    /// Which detector it comes from.
    package var kind: SignalKind
    /// How it took part.
    package var state: State
    /// The stretch of its signals on the media clock, chat corrected for chat lag; nil unless present.
    package var interval: MediaInterval?
    /// The highest score seen, 0…1 with 0.5 as the detector's alarm threshold; nil where nothing was seen.
    package var score: Double?
    /// Why it is missing, in words for a person; nil otherwise.
    package var reason: String?
    /// What was seen at the highest score.
    package var evidence: Evidence?

    /// Creates a vote.
    package init(
        kind: SignalKind,
        state: State,
        interval: MediaInterval? = nil,
        score: Double? = nil,
        reason: String? = nil,
        evidence: Evidence? = nil
    ) {
        self.kind = kind
        self.state = state
        self.interval = interval
        self.score = score
        self.reason = reason
        self.evidence = evidence
    }
}
