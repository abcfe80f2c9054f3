package import HypeCore

/// Payload of `signal`: what one detector saw.
package struct SignalReport: Hashable, Sendable, Codable {
    /// The session that it belongs to.
    package var sessionId: String
    /// Which detector.
    package var kind: SignalKind
    /// First instant that it looked at, on the recording's clock.
    package var start: MediaTime
    /// First instant after that.
    package var end: MediaTime
    /// 0…1, 0.5 is the detector's alarm threshold; nil where nothing could be seen.
    package var score: Double?
    /// Why nothing could be seen, or nil.
    package var missing: String?
    /// What it saw.
    package var evidence: Evidence?

    /// Creates the report of an observation.
    package init(_ observation: Observation, session: String) {
        sessionId = session
        kind = observation.kind
        start = observation.interval.start
        end = observation.interval.end
        score = observation.score
        missing = observation.missing
        evidence = observation.evidence
    }
}
