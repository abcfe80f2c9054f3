import Foundation

/// What the excitement of a voice is judged by.
package struct VoiceCues: Hashable, Sendable {
    /// How far the voice is above the speaker's habit.
    package var gains: VoiceGains
    /// What the emotion model says, or nil where it was not asked or is not there.
    package var prediction: VoicePrediction?

    /// Creates cues.
    package init(gains: VoiceGains, prediction: VoicePrediction?) {
        self.gains = gains
        self.prediction = prediction
    }
}

/// Judges how excited a voice is.
///
/// A logistic function of four cues; each is limited, so that none can raise the alarm alone:
///
///     score = 1 / (1 + exp(-(-2.6 + 0.25 loudness[0…12 dB] + 0.4 pitch[-3…9 semitones] + 0.15 effort[-3…8 dB]
///                            + 2.5 (arousal - 0.5))))
///
/// Loudness counts only above the habit: EmoDB's and many streamers' levels are evened out, so that a shout need not be
/// louder. The weights are rounded from a logistic regression on sequences of one speaker that go from calm to excited
/// (RAVDESS, CREMA-D, EmoDB; each corpus weighs the same), with the intercept moved down for long calm talk. The
/// evaluation is `VoiceExcitementEvaluationTests`.
package enum VoiceExcitement {
    /// The score of a voice.
    ///
    /// - Parameter cues: Gains over the habit and the model's prediction.
    /// - Returns: Excitement 0…1; 0.5 is the alarm threshold.
    package static func score(of cues: VoiceCues) -> Double {
        let gains = cues.gains
        var evidence = intercept
        evidence += loudnessWeight * min(12, max(0, gains.loudness))
        evidence += pitchWeight * min(9, max(-3, gains.pitch ?? 0))
        evidence += effortWeight * min(8, max(-3, gains.effort))
        if let prediction = cues.prediction { evidence += arousalWeight * (prediction.arousal - 0.5) }
        return 1 / (1 + exp(-evidence))
    }

    /// Log odds of a voice at its habit: score 0.07.
    private static let intercept = -2.6
    /// Log odds per dB.
    private static let loudnessWeight = 0.25
    /// Log odds per semitone.
    private static let pitchWeight = 0.4
    /// Log odds per dB.
    private static let effortWeight = 0.15
    /// Log odds between arousal 0 and 1.
    private static let arousalWeight = 2.5
}
