import HypeEmotion
import Testing

@Suite
struct VoiceExcitementTests {
    @Test
    func habitIsCalm() {
        #expect(score(0, 0, 0) < 0.15)
        #expect(score(0, 0, 0, arousal: 0) < 0.15)
    }

    @Test(arguments: [(3.0, 2.0, 2.0), (5, 1, 1), (1, 4, 0), (-5, -5, 8)])
    func ordinaryVariationStaysCalm(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort) < 0.35)
        #expect(score(loudness, pitch, effort, arousal: 0.05) < 0.35)
    }

    @Test(arguments: [(10.0, 6.0, 4.0), (14, 8, 5), (6, 8, 7)])
    func shoutingAlarms(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort) > 0.6)
        #expect(score(loudness, pitch, effort, arousal: 0.2) > 0.6)
    }

    @Test(arguments: [(40.0, 0.0, 0.0), (0, 20, 0), (0, 0, 30)])
    func noCueAlarmsAloneWhereTheModelHearsNoArousal(loudness: Double, pitch: Double, effort: Double) {
        #expect(score(loudness, pitch, effort) < 0.6)
        #expect(score(loudness, pitch, effort, arousal: 0) < 0.5)
    }

    @Test
    func calmGuestWithAHigherVoiceIsNoAlarm() {
        #expect(score(2, 9, 2, arousal: 0) < 0.5)
    }

    @Test
    func arousedVoiceOfEvenLevelAlarms() {
        #expect(score(0, 5, 3, arousal: 0.35) > 0.6)
    }

    @Test
    func scoreRisesWithEachCue() {
        let base = score(4, 3, 2, arousal: 0.1)
        #expect(score(6, 3, 2, arousal: 0.1) > base)
        #expect(score(4, 5, 2, arousal: 0.1) > base)
        #expect(score(4, 3, 4, arousal: 0.1) > base)
        #expect(score(4, 3, 2, arousal: 0.2) > base)
    }

    @Test
    func softerThanUsualIsNotCountedAgainstAnExcitedVoice() {
        #expect(score(-8, 8, 5) == score(0, 8, 5))
    }

    private func score(_ loudness: Double, _ pitch: Double?, _ effort: Double, arousal: Double? = nil) -> Double {
        let gains = VoiceGains(loudness: loudness, pitch: pitch, effort: effort)
        return VoiceExcitement.score(of: VoiceCues(gains: gains, arousal: arousal))
    }
}
