package import HypeCore

/// The beginning of a rise of the chat.
package struct ChatSpike: Hashable, Sendable {
    /// Number within the session, from 1.
    package var id: Int
    /// Where the chat began to rise, corrected for chat lag.
    package var time: MediaTime
    /// Score of the observation that opened the signal, 0…1.
    package var score: Double
    /// What the chat looked like; nil where the detector did not say.
    package var evidence: ChatEvidence?
}

/// Says where the chat begins to rise.
package struct ChatSpikes: Sendable {
    private var gate: SignalGate
    private var count = 0

    /// Creates a finder that has seen nothing.
    ///
    /// - Parameter settings: When a rise is one, and how late chat reacts.
    package init(settings: MomentSettings) {
        gate = SignalGate(kind: .chat, settings: settings.chat, lag: settings.chatLag)
    }

    /// How long chat takes to react; a change counts for rises that begin from then on.
    package var chatLag: Duration {
        get { gate.lag }
        set { gate.lag = newValue }
    }

    /// Takes the next observation; other kinds than chat are ignored.
    ///
    /// - Returns: The rise that begins with it, or nil.
    package mutating func ingest(_ observation: Observation) -> ChatSpike? {
        for case .opened(_, let signal) in gate.ingest(observation) {
            count += 1
            let evidence: ChatEvidence? = if case .chat(let chat) = observation.evidence { chat } else { nil }
            return ChatSpike(
                id: count,
                time: signal.interval.start,
                score: observation.score ?? signal.score,
                evidence: evidence
            )
        }
        return nil
    }
}
