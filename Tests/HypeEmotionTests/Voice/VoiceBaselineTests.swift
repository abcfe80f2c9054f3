import HypeEmotion
import Testing

@Suite
struct VoiceBaselineTests {
    private let calm = VoiceMeasure(level: -30, pitch: 120, effort: -10)
    private let shout = VoiceMeasure(level: -15, pitch: 240, effort: -2)

    @Test
    func unknownSpeakerHasNoGains() {
        #expect(VoiceBaseline().gains(of: shout) == .none)
    }

    @Test
    func firstSpeechSetsTheHabit() {
        let baseline = learned(calm, seconds: 3)
        #expect(baseline.level == -30)
        #expect(abs((baseline.pitch ?? 0) - 120) < 1e-9)
        #expect(baseline.gains(of: calm).loudness == 0)
    }

    @Test
    func gainsAreInDecibelsAndSemitones() {
        let gains = learned(calm, seconds: 10).gains(of: shout)
        #expect(abs(gains.loudness - 15) < 1e-9)
        #expect(abs((gains.pitch ?? 0) - 12) < 1e-9)
        #expect(abs(gains.effort - 8) < 1e-9)
    }

    @Test
    func gainsAreDampedUntilTheSpeakerIsKnown() {
        let early = learned(calm, seconds: 1.5).gains(of: shout)
        #expect(abs(early.loudness - 7.5) < 1e-9)
    }

    @Test
    func shoutHardlyMovesTheHabit() {
        var baseline = learned(calm, seconds: 60)
        for _ in 0..<20 { baseline.learn(shout, seconds: 0.5, isExcited: true) }
        #expect(baseline.gains(of: shout).loudness > 13)
        #expect((baseline.gains(of: shout).pitch ?? 0) > 10.5)
    }

    @Test
    func loudSpeakerBecomesTheHabitAfterMinutes() {
        var baseline = learned(calm, seconds: 60)
        for _ in 0..<400 { baseline.learn(shout, seconds: 0.5, isExcited: false) }
        #expect(baseline.gains(of: shout).loudness < 1)
    }

    @Test
    func habitSettlesOnTheHigherOfTwoVoices() {
        var baseline = VoiceBaseline()
        let guest = VoiceMeasure(level: -30, pitch: 210, effort: -10)
        for turn in 0..<40 {
            for _ in 0..<10 { baseline.learn(turn.isMultiple(of: 2) ? calm : guest, seconds: 0.5, isExcited: false) }
        }
        #expect((baseline.gains(of: guest).pitch ?? 0) < 4)
        #expect((baseline.gains(of: calm).pitch ?? 0) < -4)
    }

    @Test
    func unvoicedSpeechLeavesThePitchAlone() {
        var baseline = learned(calm, seconds: 5)
        baseline.learn(VoiceMeasure(level: -30, pitch: nil, effort: -10), seconds: 5, isExcited: false)
        #expect(abs((baseline.pitch ?? 0) - 120) < 1e-9)
        #expect(baseline.gains(of: VoiceMeasure(level: -30, pitch: nil, effort: -10)).pitch == nil)
    }

    @Test
    func arousalIsHeldAgainstTheSpeakersOwn() {
        var orator = VoiceBaseline()
        #expect(abs(orator.arousalGain(of: 0.8) - 0.3) < 1e-9)
        for _ in 0..<10 { orator.learn(calm, arousal: 0.8, seconds: 0.5, isExcited: false) }
        #expect(abs(orator.arousalGain(of: 0.8)) < 1e-9)
        #expect(abs(orator.arousalGain(of: 0.95) - 0.15) < 1e-9)
    }

    private func learned(_ measure: VoiceMeasure, seconds: Double) -> VoiceBaseline {
        var baseline = VoiceBaseline()
        for _ in 0..<Int(seconds * 2) { baseline.learn(measure, seconds: 0.5, isExcited: false) }
        return baseline
    }
}
