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
package enum VoiceExcitement {
    /// The score of a voice.
    ///
    /// - Parameter cues: Gains over the habit and the model's prediction.
    /// - Returns: Excitement 0…1; 0.5 is the alarm threshold.
    package static func score(of cues: VoiceCues) -> Double {
        let gains = cues.gains
        var evidence = -2.2
        evidence += 0.22 * min(12, max(-6, gains.loudness))
        evidence += 0.22 * min(12, max(-4, gains.pitch ?? 0))
        evidence += 0.12 * min(10, max(-6, gains.effort))
        if let prediction = cues.prediction {
            evidence += 2.5 * (prediction.arousal - 0.5)
        }
        return 1 / (1 + exp(-evidence))
    }
}
