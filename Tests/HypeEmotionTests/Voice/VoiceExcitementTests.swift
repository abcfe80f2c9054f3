import HypeCore
import HypeEmotion
import Testing

@Suite
struct VoiceExcitementTests {
    @Test
    func habitIsCalm() {
        #expect(score(0, 0, 0) < 0.15)
        #expect(score(0, 0, 0, arousal: 0.4) < 0.15)
    }

    @Test(arguments: [(3.0, 2.0, 2.0), (5, 1, 1), (1, 4, 0), (-5, -5, 8)])
    func ordinaryVariationStaysCalm(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort) < 0.35)
    }

    @Test(arguments: [(10.0, 6.0, 4.0), (14, 8, 5), (0, 9, 7), (8, 8, 0)])
    func shoutingAlarms(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort) > 0.6)
    }

    @Test(arguments: [(40.0, 0.0, 0.0), (0, 0, 30)])
    func microphoneGainOrBrightnessAloneDoesNotAlarm(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort, arousal: 0.5) < 0.65)
        #expect(score(loudness, pitch, effort, arousal: 0.3) < 0.5)
    }

    @Test
    func scoreRisesWithEachCue() {
        let base = score(4, 3, 2, arousal: 0.5)
        #expect(score(6, 3, 2, arousal: 0.5) > base)
        #expect(score(4, 5, 2, arousal: 0.5) > base)
        #expect(score(4, 3, 4, arousal: 0.5) > base)
        #expect(score(4, 3, 2, arousal: 0.7) > base)
    }

    @Test
    func softerThanUsualIsNotCountedAgainstAnExcitedVoice() {
        #expect(score(-8, 8, 5) == score(0, 8, 5))
    }

    private func score(_ loudness: Double, _ pitch: Double?, _ effort: Double, arousal: Double? = nil) -> Double {
        let prediction = arousal.map { VoicePrediction(emotion: EmotionScores([.neutral: 1]), arousal: $0) }
        let gains = VoiceGains(loudness: loudness, pitch: pitch, effort: effort)
        return VoiceExcitement.score(of: VoiceCues(gains: gains, prediction: prediction))
    }
}
