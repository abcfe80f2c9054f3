import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct VoiceAnalyzerTests {
    @Test(arguments: [0.0, 0.3, 100.2, -1.7])
    func windowsEndOnTheGridOfTheMediaClock(start: Double) throws {
        let analyzer = try VoiceAnalyzer(detector: DeafDetector(), model: nil)
        let sound = TestVoice.noise(amplitude: 0.1, seconds: 4)
        let observations = try analyzer.push(sound, from: MediaTime(seconds: start))
        #expect(observations.count >= 6)
        for observation in observations {
            #expect(observation.kind == .voice)
            #expect(observation.interval.end.nanoseconds % 500_000_000 == 0)
            #expect(observation.interval.duration <= .seconds(2))
            #expect(observation.interval.duration >= .seconds(1))
        }
        let ends = observations.map(\.interval.end)
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(500) })
        #expect(observations.last?.interval.duration == .seconds(2))
    }

    @Test(arguments: [160, 1000, 4096, 200_000])
    func blockLengthDoesNotMatter(blockLength: Int) throws {
        let sound =
            TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 6)
            + TestVoice.silence(seconds: 1) + TestVoice.buzz(pitch: 250, amplitude: 0.3, seconds: 4)
        func observe(_ length: Int) throws -> [Observation] {
            let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: FixedEmotionModel(arousal: 0.5))
            return try analyzer.push(sound, blockLength: length) + analyzer.finish()
        }
        #expect(try observe(blockLength) == observe(1600))
    }

    @Test
    func calmVoiceIsCalmAndAShoutIsAnAlarm() throws {
        let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: nil)
        let calm = TestVoice.buzz(pitch: 120, amplitude: 0.03, seconds: 20, brightness: 0.6)
        let shout = TestVoice.buzz(pitch: 220, amplitude: 0.2, seconds: 5)
        let observations = try analyzer.push(calm + shout)
        for observation in observations where observation.interval.end <= MediaTime(seconds: 20) {
            #expect((observation.score ?? 1) < 0.35)
        }
        let peak = try #require(observations.last)
        #expect((peak.score ?? 0) > 0.6)
        let evidence = try #require(peak.voice)
        #expect(evidence.loudnessGain > 8)
        #expect(abs((evidence.pitch ?? 0) - 220) < 3)
        #expect((evidence.pitchGain ?? 0) > 8)
        #expect(evidence.speechFraction > 0.9)
    }

    @Test
    func soundWithoutSpeechIsQuietNotMissing() throws {
        let model = FixedEmotionModel(arousal: 1)
        let analyzer = try VoiceAnalyzer(detector: DeafDetector(), model: model)
        let observations = try analyzer.push(TestVoice.buzz(pitch: 300, amplitude: 0.3, seconds: 10))
        #expect(observations.allSatisfy { $0.score == 0 && $0.missing == nil })
        #expect(model.calls == 0)
    }

    @Test
    func deadMicrophoneIsMissingAfterAWhile() throws {
        let settings = VoiceSettings(longestSilence: .seconds(6))
        let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: nil, settings: settings)
        let observations = try analyzer.push(
            TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 4) + TestVoice.silence(seconds: 10)
                + TestVoice.noise(amplitude: 0.005, seconds: 3)
        )
        let missing = observations.filter { $0.missing != nil }
        #expect(missing.first?.interval.end == MediaTime(seconds: 10))
        #expect(missing.last?.interval.end == MediaTime(seconds: 14))
        #expect(Set(missing.compactMap(\.missing)) == ["microphone silent for more than 6 s"])
        #expect(observations.last?.score == 0)
    }

    @Test
    func longBreakIsMissingAndStartsANewStretch() throws {
        let detector = LoudSpeechDetector()
        let analyzer = try VoiceAnalyzer(detector: detector, model: nil)
        let voice = TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 3)
        var observations = try analyzer.push(voice)
        observations += try analyzer.push(voice, from: MediaTime(seconds: 10.25))
        let gap = try #require(observations.first { $0.missing != nil })
        #expect(gap.interval == MediaInterval(seconds: 3..<10.25))
        #expect(observations.allSatisfy { $0.missing != nil || !$0.interval.overlaps(gap.interval) })
        #expect(detector.resets == 1)
        #expect(analyzer.speech == [MediaInterval(seconds: 0..<2.976)])
    }

    @Test
    func jumpBackDoesNotStopTheObservations() throws {
        let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: nil)
        let voice = TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 3)
        _ = try analyzer.push(voice, from: MediaTime(seconds: 100))
        let again = try analyzer.push(voice, from: MediaTime(seconds: 1))
        #expect(again.last?.interval == MediaInterval(seconds: 2..<4))
        #expect(again.allSatisfy { $0.missing == nil })
    }

    @Test
    func modelIsAskedHalfAsOftenWhileTheVoiceIsCalm() throws {
        let calm = FixedEmotionModel(arousal: 0.3)
        let wild = FixedEmotionModel(arousal: 1)
        let voice = TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 20)
        let observations = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: calm).push(voice)
        _ = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: wild).push(voice)
        // 37 whole windows, the first at 2.0 s.
        #expect(calm.calls == 19)
        #expect(wild.calls > 19)
        #expect(observations.last?.voice?.arousal == 0.3)
        #expect(observations.last?.voice?.emotion?[.happy] == 1)
    }

    @Test
    func screamThatIsNotTakenForSpeechIsStillHeard() throws {
        let calm = TestVoice.buzz(pitch: 130, amplitude: 0.02, seconds: 20, brightness: 0.5)
        let scream = TestVoice.buzz(pitch: 520, amplitude: 0.25, seconds: 3)
        let analyzer = try VoiceAnalyzer(detector: ScreamDeafDetector(), model: nil)
        let observations = try analyzer.push(calm + scream)
        let last = try #require(observations.last)
        #expect(last.voice?.speechFraction == 0)
        #expect((last.score ?? 0) > 0.6)
    }

    @Test
    func lastSoundIsObserved() throws {
        let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: nil)
        _ = try analyzer.push(TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 3.4))
        let last = try analyzer.finish()
        #expect(last.map(\.interval) == [MediaInterval(seconds: 1.4..<3.4)])
        #expect(try analyzer.finish().isEmpty)
    }

    @Test
    func speechIntervalsAreListedAndForgotten() throws {
        let analyzer = try VoiceAnalyzer(detector: LoudSpeechDetector(), model: nil)
        let voice = TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 2)
        _ = try analyzer.push(voice + TestVoice.silence(seconds: 1) + voice)
        #expect(analyzer.speech.count == 1)
        #expect(analyzer.openSpeech?.start == MediaTime(seconds: 2.976))
        _ = try analyzer.finish()
        #expect(analyzer.speech.count == 2)
        #expect(analyzer.openSpeech == nil)
        analyzer.forgetSpeech(before: MediaTime(seconds: 2.9))
        #expect(analyzer.speech.map(\.start) == [MediaTime(seconds: 2.976)])
    }
}

/// Hears calm words as speech, but a scream only as a possibility.
private final class ScreamDeafDetector: SpeechDetecting {
    func probability(of chunk: [Float]) -> Float {
        let peak = chunk.map(abs).max() ?? 0
        return peak > 0.2 ? 0.25 : peak > 0.005 ? 0.9 : 0.01
    }

    func reset() {}
}
