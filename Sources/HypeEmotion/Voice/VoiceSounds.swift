import Foundation
package import HypeCore

/// What laughter, screams and cheering mean for the voice.
///
/// A laugh or a scream is a sign of a moment even where it is not taken for speech, or the emotion model is unsure. It
/// raises the score so far, in log odds:
///
///     log odds + 3.5 ramp(human) + 1 ramp(audience), the last only while somebody speaks
///     human: the stronger of laughter and scream; its ramp is 0 up to 0.1 and rises to 1 at 0.25
///     audience: the stronger of cheering and applause; its ramp is 0 up to 0.3 and rises to 1 at 0.7
///
/// A window without a voice starts from -2.8, a calm voice, so that a sure laugh there scores 0.67 and reaches the alarm
/// threshold of 0.5 from a certainty of 0.22 on.
///
/// Games and films laugh and scream, too. What is theirs must not vote for the streamer:
///
/// * Crowds, music and weapons never raise anything, and cheering alone never reaches the alarm.
/// * A scream in a crowd is the crowd's: `human` counts only where it is surer than crowd, cheering and applause.
/// * While nobody speaks, `human` counts only where it is also surer than music and weapons, and only where the sound is
///   no more than 10 dB softer than the speaker usually is. Before anybody has spoken for 3 s, nothing is known about
///   that, and nothing is listened for.
///
/// The model's scores are not calibrated, and those of laughs are low. The ramp of `human` begins where speech ends: of
/// 19,529 windows of acted speech in all emotions (RAVDESS, TESS, EmoDB, CREMA-D), one is surer of laughter than 0.1 and
/// three are of a scream, all in fear, anger or surprise; none reaches 0.2. Eight recordings of laughter between calm
/// sentences all score 0 without the model; with it three reach the alarm, and in the others, mostly single artificial
/// laughs, nothing is heard (21 November 2026). How many screams are found, and how many laughs under game sound, is not
/// known; the weights are a judgement, not a fit.
package struct VoiceSounds: Sendable {
    /// Where a sound begins to be evidence, and where it counts in full.
    private struct Ramp {
        let audible: Double
        let sure: Double

        func value(_ score: Double) -> Double { min(1, max(0, (score - audible) / (sure - audible))) }
    }

    private static let human = Ramp(audible: 0.1, sure: 0.25)
    private static let audience = Ramp(audible: 0.3, sure: 0.7)
    /// Log odds of a laugh or a scream.
    private static let humanWeight = 3.5
    /// Log odds of cheering or applause during speech.
    private static let audienceWeight = 1.0
    /// Score that a window without a voice starts from: that of log odds of -2.8.
    private static let calm = 1 / (1 + exp(2.8))
    /// How much softer than the speaker's habit a sound without speech may be, in dB.
    private static let softest = 10.0
    /// Scores are kept away from 0 and 1, where log odds end.
    private static let margin = 1e-4

    private let scores: SoundScores
    private let time: MediaTime

    /// Says what was heard.
    ///
    /// - Parameters:
    ///   - scores: How sure each sound is.
    ///   - time: Middle of the sound that was listened to.
    package init(scores: SoundScores, time: MediaTime) {
        self.scores = scores
        self.time = time
    }

    /// Whether sounds of the streamer can be in a window, so that it is worth listening for them.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - habit: The speaker's habit so far.
    /// - Returns: Always true for a voice, never for a dead microphone.
    package static func isPlausible(in window: VoiceWindow, habit: VoiceBaseline) -> Bool {
        switch window.content {
        case .dead: return false
        case .voice: return true
        case .quiet:
            guard let level = habit.level, habit.speechSeconds >= VoiceBaseline.trustSeconds else { return false }
            return window.level >= level - softest
        }
    }

    /// The sounds that are evidence, the surest first; nil where there are none.
    package var heard: [HeardSound]? {
        let all: [(kind: HeardSound.Kind, score: Double, ramp: Ramp)] = [
            (.laughter, scores.laughter, Self.human), (.scream, scores.scream, Self.human),
            (.cheering, scores.cheering, Self.audience), (.applause, scores.applause, Self.audience),
        ]
        let heard = all.filter { $0.score >= $0.ramp.audible }.sorted { $0.score > $1.score }
        return heard.isEmpty ? nil : heard.map { HeardSound(kind: $0.kind, score: $0.score, time: time) }
    }

    /// An observation with the sounds in its evidence and its score.
    ///
    /// - Parameters:
    ///   - observation: What the voice alone amounts to.
    ///   - window: The window it was made of.
    /// - Returns: The same observation where no sound is sure enough to matter.
    package func applied(to observation: Observation, window: VoiceWindow) -> Observation {
        guard let heard, let score = observation.score, case .voice(var evidence)? = observation.evidence else {
            return observation
        }
        var observation = observation
        evidence.sounds = heard
        observation.evidence = .voice(evidence)
        let isVoice = if case .voice = window.content { true } else { false }
        observation.score = raised(isVoice ? score : Self.calm, isSpeech: isVoice) ?? score
        return observation
    }

    /// A score that the sounds have raised, or nil where they do not.
    private func raised(_ score: Double, isSpeech: Bool) -> Double? {
        let audience = max(scores.cheering, scores.applause)
        var human = max(scores.laughter, scores.scream)
        if human <= max(audience, scores.crowd) || !isSpeech && human <= scores.programme { human = 0 }
        let gain =
            Self.humanWeight * Self.human.value(human)
            + (isSpeech ? Self.audienceWeight * Self.audience.value(audience) : 0)
        guard gain > 0 else { return nil }
        let kept = min(1 - Self.margin, max(Self.margin, score))
        return 1 / (1 + exp(-(log(kept / (1 - kept)) + gain)))
    }
}
