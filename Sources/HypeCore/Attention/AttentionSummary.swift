/// What is known of a person's attention at one time.
///
/// A measure that cannot be judged is nil, never zero.
package struct AttentionSummary: Hashable, Sendable, Codable {
    /// The state as a whole.
    package enum Verdict: String, Hashable, Sendable, Codable {
        /// At least one alert is on.
        case alert
        /// Eyes and gaze are seen and no alert is on.
        case clear
        /// Too little is seen to say anything.
        case unknown
    }

    /// Media time of the last picture.
    package var time: MediaTime
    /// The state as a whole.
    package var verdict: Verdict
    /// Why nothing is known; nil unless the verdict is `unknown`.
    package var reason: String?
    /// Alerts that are on, in the order of their kinds.
    package var active: [AttentionAlertKind]
    /// How far the eyes are open, 0 (closed) to 1 (as usual), at most 1.5.
    package var openness: Double?
    /// Part of the known time of the window in which the eyes were closed, 0…1.
    package var perclos: Double?
    /// Part of the window in which the eyes could be judged, 0…1.
    package var knownShare: Double
    /// Complete blinks per minute of known time; nil too where pictures come too seldom to see blinks.
    package var blinkRate: Double?
    /// Mean length of the window's blinks in seconds; nil without any.
    package var blinkSeconds: Double?
    /// Yawns in the last ten minutes.
    package var yawns: Int
    /// Where the head points.
    package var pose: HeadPose?
    /// Where the person looks; by the head alone where the eyes cannot be judged.
    package var gaze: Gaze?
    /// Degrees between the gaze and its usual direction, 0…180.
    package var gazeAngle: Double?

    /// Creates a summary.
    package init(
        time: MediaTime,
        verdict: Verdict,
        reason: String? = nil,
        active: [AttentionAlertKind] = [],
        openness: Double? = nil,
        perclos: Double? = nil,
        knownShare: Double = 0,
        blinkRate: Double? = nil,
        blinkSeconds: Double? = nil,
        yawns: Int = 0,
        pose: HeadPose? = nil,
        gaze: Gaze? = nil,
        gazeAngle: Double? = nil
    ) {
        self.time = time
        self.verdict = verdict
        self.reason = reason
        self.active = active
        self.openness = openness
        self.perclos = perclos
        self.knownShare = knownShare
        self.blinkRate = blinkRate
        self.blinkSeconds = blinkSeconds
        self.yawns = yawns
        self.pose = pose
        self.gaze = gaze
        self.gazeAngle = gazeAngle
    }
}
