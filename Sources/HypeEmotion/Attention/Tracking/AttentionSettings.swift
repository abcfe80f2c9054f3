/// Limits of the attention measures.
///
/// The defaults come from the publications that are named, or from our own recordings; none of them is a norm's.
package struct AttentionSettings: Hashable, Sendable {
    /// Window over which closed eyes and blinks are counted.
    ///
    /// One minute as in Wierwille et al., "Research on Vehicle-Based Driver Status/Performance Monitoring", 1994.
    package var window: Duration = .seconds(60)
    /// Closure from which an eye counts as closed, 0…1: the "P80" of Dinges and Grace, "PERCLOS: A Valid
    /// Psychophysiological Measure of Alertness", FHWA-MCRT-98-006, 1998.
    package var closed = 0.8
    /// Closure below which closed eyes count as open again, 0…1.
    package var reopened = 0.65
    /// Part of the window with closed eyes from which drowsiness begins, 0…1.
    ///
    /// 15 % was "drowsy" in Wierwille et al., 1994; blinks alone make 2 to 6 %.
    package var drowsy = 0.15
    /// Part of the window with closed eyes below which drowsiness ends, 0…1.
    package var awake = 0.1
    /// Part of the window that must have been seen for a statement about it, 0…1.
    package var knownShare = 0.5
    /// How long the eyes must stay closed for a microsleep.
    ///
    /// Closures from half a second on are counted so in driving studies; a blink is over by then.
    package var microsleepAfter: Duration = .milliseconds(500)
    /// Mouth aspect ratio from which a yawn may begin.
    package var yawn = 0.5
    /// Mouth aspect ratio below which it ends.
    package var yawnEnd = 0.4
    /// How long the mouth must stay wide open for a yawn.
    ///
    /// Yawns last about six seconds (Provine, "Yawning as a stereotyped action pattern", 1986), their widest part two and
    /// more; spoken vowels reached 0.64 for one second (our recordings, 2026-11-21).
    package var yawnAfter: Duration = .seconds(2)
    /// Degrees between the gaze and its usual direction from which attention is elsewhere.
    package var gazeLimit = 25.0
    /// Degrees below which it is back.
    package var gazeEnd = 20.0
    /// How long the gaze must be elsewhere.
    ///
    /// Glances away of two seconds and more doubled the risk of a crash in Klauer et al., "The Impact of Driver
    /// Inattention on Near-Crash/Crash Risk", DOT HS 810 594, 2006.
    package var gazeAfter: Duration = .seconds(2)
    /// How long a lit picture must show no face.
    package var faceLostAfter: Duration = .seconds(3)
    /// How long a measure must be below its limit for an alert to end.
    package var release: Duration = .milliseconds(300)
    /// How long an alert outlives the sight of what it was decided on.
    package var tolerance: Duration = .seconds(3)
    /// Longest time between two pictures in which the first one's measures are taken to go on.
    package var maximumGap: Duration = .milliseconds(500)
    /// How long an eye must have been seen before it is judged.
    package var eyeCalibration: Duration = .seconds(3)
    /// How long the gaze must have been seen before it is judged.
    package var gazeCalibration: Duration = .seconds(10)
    /// Time after which what was learned of a person counts half.
    package var memory: Duration = .seconds(120)

    /// Creates the default settings.
    package init() {}

    /// Checks all settings.
    ///
    /// - Throws: ``EmotionError`` with code `.invalidSettings` that names every setting out of its range.
    package func validate() throws {
        var problems = Self.fields.compactMap { field -> String? in
            let value = field.value(self)
            guard !field.range.contains(value) else { return nil }
            return "\(field.name) is \(value), not in \(field.range.lowerBound)…\(field.range.upperBound) \(field.unit)"
        }
        for (end, begin) in [
            ("awake", "drowsy"), ("reopened", "closed"), ("yawnEnd", "yawn"), ("gazeEnd", "gazeLimit"),
        ] {
            guard let low = Self.value(end, of: self), let high = Self.value(begin, of: self), low > high else {
                continue
            }
            problems.append("\(end) is above \(begin)")
        }
        guard problems.isEmpty else {
            throw EmotionError(
                .invalidSettings,
                "These attention settings cannot be used: \(problems.joined(separator: "; ")). Change them or leave them out."
            )
        }
    }

    private static func value(_ name: String, of settings: AttentionSettings) -> Double? {
        fields.first { $0.name == name }?.value(settings)
    }
}
