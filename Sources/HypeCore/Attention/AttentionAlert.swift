/// What an alert is about.
package enum AttentionAlertKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// The eyes were closed for a large part of the last minute.
    case drowsiness
    /// The eyes stay closed.
    case microsleep
    /// The mouth stays wide open.
    case yawn
    /// The gaze stays away from where it usually is.
    case distraction
    /// There is light, but no face.
    case faceLost
}

/// A measure that an alert is decided on.
package enum AttentionMeasure: String, Hashable, Sendable, Codable {
    /// Part of the window with closed eyes, 0…1.
    case perclos
    /// How far the eyes are closed, 0 (open as usual) to 1.
    case closure
    /// Aspect ratio of the mouth, 0 to about 1.5.
    case mouthRatio
    /// Degrees between the gaze and its usual direction, 0…180.
    case gazeAngle
    /// 1 where a lit picture shows no face, else 0.
    case faceAbsence
}

/// The beginning or the end of an alert, with what it was decided on.
package struct AttentionAlert: Hashable, Sendable, Codable {
    /// Beginning or end.
    package enum Phase: String, Hashable, Sendable, Codable {
        /// The alert begins.
        case begun
        /// It ends: the measure is back below its limit.
        case cleared
        /// It ends without an all-clear: what it was decided on can no longer be seen.
        case unobserved
    }

    /// What it is about.
    package var kind: AttentionAlertKind
    /// Beginning or end.
    package var phase: Phase
    /// Media time of the picture at which it was decided.
    package var time: MediaTime
    /// Media time since which it has been so: above the limit, below it, or not seen.
    package var since: MediaTime
    /// What was measured.
    package var measure: AttentionMeasure
    /// The value at the time of the decision, in the measure's unit; nil where it could not be seen.
    package var value: Double?
    /// The limit it was compared with, in the measure's unit.
    package var threshold: Double

    /// Creates an alert.
    package init(
        kind: AttentionAlertKind,
        phase: Phase,
        time: MediaTime,
        since: MediaTime,
        measure: AttentionMeasure,
        value: Double?,
        threshold: Double
    ) {
        self.kind = kind
        self.phase = phase
        self.time = time
        self.since = since
        self.measure = measure
        self.value = value
        self.threshold = threshold
    }

    /// Why, in words for a log.
    package var explanation: String {
        let held = "for \(Self.text((time - since).inSeconds)) s"
        let measured = value.map { "\(measure.rawValue) \(Self.text($0))" } ?? "\(measure.rawValue) not seen"
        switch phase {
        case .begun: return "\(measured), at or above \(Self.text(threshold)) \(held)"
        case .cleared: return "\(measured), below \(Self.text(threshold)) \(held)"
        case .unobserved: return "\(measured) \(held)"
        }
    }

    private static func text(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
