import Foundation

/// How far a voice is above its speaker's habit.
package struct VoiceGains: Hashable, Sendable {
    /// Loudness above the baseline in dB.
    package var loudness: Double
    /// Pitch above the baseline in semitones, or nil where there is no pitch.
    package var pitch: Double?
    /// Vocal effort (alpha ratio) above the baseline in dB.
    package var effort: Double

    /// Creates gains.
    package init(loudness: Double, pitch: Double?, effort: Double) {
        self.loudness = loudness
        self.pitch = pitch
        self.effort = effort
    }

    /// A voice at its baseline.
    package static let none = VoiceGains(loudness: 0, pitch: nil, effort: 0)
}

/// The speaker's habit: a slow average of loudness, pitch and effort over past speech.
///
/// Learns quickly in the first seconds of speech, then with a time constant; outliers count no more than ``clip`` and
/// rises count more than falls, so that the baseline settles above the median: with two people in a call it moves to the
/// higher and louder voice, and the calm words of a guest do not look like excitement. Excited speech counts less.
package struct VoiceBaseline: Hashable, Sendable {
    /// Seconds of speech over which the past fades to 37 %.
    package static let timeConstant = 60.0
    /// Seconds of speech until gains count in full; before, they count in proportion.
    package static let trustSeconds = 3.0
    /// How much more a rise moves the baseline than a fall.
    package static let riseWeight = 2.0
    /// Greatest deviation that moves the baseline: 6 dB of loudness or effort, 4 semitones of pitch.
    package static let clip = (loudness: 6.0, pitch: 4.0, effort: 6.0)
    /// Greatest deviation of arousal that moves the baseline.
    package static let arousalClip = 0.15
    /// Arousal that a speaker not heard yet is held against.
    ///
    /// Above the mean of acted calm speech (0.35 to 0.45 on held-out speakers), so that an orator is not an alarm from
    /// the first second, and below a scream.
    package static let arousalPrior = 0.5
    /// How much less speech counts for the baseline while it is excited.
    package static let excitedWeight = 0.25

    /// Seconds of speech learned from.
    package private(set) var speechSeconds = 0.0
    /// Habitual level of voiced speech in dBFS, or nil before the first speech.
    package private(set) var level: Double?
    /// Habitual pitch in Hz, or nil before the first voiced speech.
    package private(set) var pitch: Double?
    /// Habitual alpha ratio in dB, or nil before the first speech.
    package private(set) var effort: Double?
    /// Habitual arousal by the emotion model, or nil before it was first asked.
    package private(set) var arousal: Double?

    /// Creates a baseline of a speaker not heard yet.
    package init() {}

    /// How far a voice is above the habit, damped while little speech has been heard.
    package func gains(of measure: VoiceMeasure) -> VoiceGains {
        guard let level, let effort else { return .none }
        let semitones = measure.pitch.flatMap { heard in pitch.map { 12 * log2(heard / $0) } }
        return VoiceGains(
            loudness: trust * (measure.level - level),
            pitch: semitones.map { trust * $0 },
            effort: trust * (measure.effort - effort)
        )
    }

    /// How far the model's arousal is above the habit, against ``arousalPrior`` while little speech has been heard.
    ///
    /// Rooms and microphones move the model's answer for a voice as a whole; the difference is what tells.
    package func arousalGain(of heard: Double) -> Double {
        heard - Self.arousalPrior - trust * ((arousal ?? Self.arousalPrior) - Self.arousalPrior)
    }

    /// How far the habit is known, 0…1.
    private var trust: Double { min(1, speechSeconds / Self.trustSeconds) }

    /// Learns from speech.
    ///
    /// - Parameters:
    ///   - measure: How the speech sounded.
    ///   - heardArousal: The model's arousal, or nil where it was not asked.
    ///   - seconds: New speech in it, at least 0.
    ///   - isExcited: Whether it counted as excited, and so says little about the habit.
    package mutating func learn(
        _ measure: VoiceMeasure,
        arousal heardArousal: Double? = nil,
        seconds: Double,
        isExcited: Bool
    ) {
        guard seconds > 0 else { return }
        let weighted = seconds * (isExcited ? Self.excitedWeight : 1)
        speechSeconds += weighted
        // The average of all speech until there is as much as the time constant holds, then a sliding one.
        let rate = min(1, weighted / min(speechSeconds, Self.timeConstant))
        level = Self.moved(level, to: measure.level, rate: rate, clip: Self.clip.loudness)
        effort = Self.moved(effort, to: measure.effort, rate: rate, clip: Self.clip.effort)
        if let heardArousal {
            arousal = Self.moved(arousal, to: heardArousal, rate: rate, clip: Self.arousalClip)
        }
        if let heard = measure.pitch {
            let logarithm = Self.moved(
                pitch.map { 12 * log2($0) },
                to: 12 * log2(heard),
                rate: rate,
                clip: Self.clip.pitch
            )
            pitch = exp2(logarithm / 12)
        }
    }

    private static func moved(_ old: Double?, to new: Double, rate: Double, clip: Double) -> Double {
        guard let old else { return new }
        let deviation = min(clip, max(-clip, new - old))
        return old + min(1, rate * (deviation > 0 ? riseWeight : 1)) * deviation
    }
}
