import Foundation

/// What the excitement of a voice is judged by.
package struct VoiceCues: Hashable, Sendable {
    /// How far the voice is above the speaker's habit.
    package var gains: VoiceGains
    /// How far the emotion model's arousal is above the habit, or nil where there is no model.
    package var arousal: Double?

    /// Creates cues.
    package init(gains: VoiceGains, arousal: Double?) {
        self.gains = gains
        self.arousal = arousal
    }
}

/// Judges how excited a voice is.
///
/// A logistic function of cues above the speaker's habit, each limited so that none can raise the alarm alone:
///
///     with the model     -2.8 + 0.15 loudness + 0.25 pitch + 0.08 effort + 8 arousal
///     without            -2.6 + 0.25 loudness + 0.35 pitch + 0.15 effort
///     loudness 0…12 dB, pitch -3…8 semitones, effort -3…8 dB, arousal -0.3…0.5; score = 1 / (1 + exp(-sum))
///
/// Loudness counts only above the habit: EmoDB's and many streamers' levels are evened out, so that a shout need not be
/// louder. The weights are rounded and damped from logistic regressions on sequences of one speaker that go from calm
/// to excited (RAVDESS, CREMA-D, EmoDB, each weighing the same; with the model, only speakers that it was not trained
/// on), with the intercept set so that calm talk of hours stays well below 0.35. They were fitted with version 0.1.0 of
/// the model and kept for 0.2.0: six speakers that its networks never heard are told apart so well that a fit is not to
/// be trusted (arousal's weight becomes 35), and these weights already rank 99.0 % (CREMA-D) to 100 % (EmoDB) of their
/// pairs right. `VoiceExcitementEvaluationTests` repeats the measurement.
package enum VoiceExcitement {
    /// The score of a voice.
    ///
    /// - Parameter cues: What was heard above the habit.
    /// - Returns: Excitement 0…1; 0.5 is the alarm threshold.
    package static func score(of cues: VoiceCues) -> Double {
        let weights = cues.arousal == nil ? withoutModel : withModel
        var evidence = weights.intercept
        evidence += weights.loudness * min(12, max(0, cues.gains.loudness))
        evidence += weights.pitch * min(8, max(-3, cues.gains.pitch ?? 0))
        evidence += weights.effort * min(8, max(-3, cues.gains.effort))
        evidence += weights.arousal * min(0.5, max(-0.3, cues.arousal ?? 0))
        return 1 / (1 + exp(-evidence))
    }

    /// Log odds, per dB, semitone, dB and unit of arousal.
    private struct Weights {
        let intercept: Double
        let loudness: Double
        let pitch: Double
        let effort: Double
        let arousal: Double
    }

    private static let withModel = Weights(intercept: -2.8, loudness: 0.15, pitch: 0.25, effort: 0.08, arousal: 8)
    private static let withoutModel = Weights(intercept: -2.6, loudness: 0.25, pitch: 0.35, effort: 0.15, arousal: 0)
}
