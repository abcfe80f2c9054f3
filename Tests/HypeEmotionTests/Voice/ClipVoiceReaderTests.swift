import HypeCore
import HypeDSP
import HypeEmotion
import Testing

@Suite
struct ClipVoiceReaderTests {
    private func voice(seconds: Double) -> [Float] {
        TestVoice.buzz(pitch: 160, amplitude: 0.05, seconds: seconds)
    }

    @Test
    func silenceAndNothingHaveNoAnswer() throws {
        let model = FixedEmotionModel(arousal: 0.5)
        let reader = try ClipVoiceReader(detector: DeafDetector(), model: model)
        #expect(try reader.read([]) == nil)
        #expect(try reader.read(voice(seconds: 3)) == nil)
        let loud = try ClipVoiceReader(detector: LoudSpeechDetector(), model: model)
        #expect(try loud.read(TestVoice.silence(seconds: 3)) == nil)
        #expect(model.calls == 0)
    }

    @Test(arguments: [(0.4, 1), (1.9, 1), (2.6, 2), (4.0, 5), (10.0, 17)])
    func windowsFollowEachHalfSecond(seconds: Double, windows: Int) throws {
        let model = FixedEmotionModel(arousal: 0.5)
        let reader = try ClipVoiceReader(detector: LoudSpeechDetector(), model: model)
        let clip = try #require(try reader.read(voice(seconds: seconds)))
        #expect(clip.windows.count == windows)
        #expect(model.calls == windows)
        #expect(clip.emotion[.happy] == 1)
        #expect(abs(clip.speech.inSeconds - seconds) < 0.1)
        #expect(clip.windows.allSatisfy { $0.interval.start >= .zero && $0.interval.end.seconds <= seconds + 1e-6 })
    }

    @Test
    func soundWithoutSpeechAroundTheWordsIsNotJudged() throws {
        // Eight seconds of music that the detector does not take for speech, words in the middle.
        let music = TestVoice.buzz(pitch: 300, amplitude: 0.04, seconds: 8)
        let detector = StretchDetector(speech: 3.0..<5.0)
        let reader = try ClipVoiceReader(detector: detector, model: FixedEmotionModel(arousal: 0.5))
        let clip = try #require(try reader.read(music))
        #expect(clip.windows.first?.interval.start.seconds ?? 0 > 1)
        #expect(clip.windows.last?.interval.end.seconds ?? 9 < 7)
        #expect(abs(clip.speech.inSeconds - 2) < 0.1)
    }

    @Test
    func temperatureMakesAnswersLessSureButKeepsTheirOrder() throws {
        let model = TornModel()
        let plain = try ClipVoiceReader(detector: LoudSpeechDetector(), model: model)
        let warm = try ClipVoiceReader(detector: LoudSpeechDetector(), model: model, temperature: 2)
        let first = try #require(try plain.read(voice(seconds: 2)))
        let second = try #require(try warm.read(voice(seconds: 2)))
        // 0.8 and 0.2 become √0.8 : √0.2 = 2 : 1.
        #expect(abs(first.emotion[.sad] - 0.8) < 1e-5)
        #expect(abs(second.emotion[.sad] - 2.0 / 3) < 1e-5)
        #expect(abs(second.emotion[.fear] - 1.0 / 3) < 1e-5)
    }

    @Test
    func loudnessDoesNotChangeTheAnswer() throws {
        let model = LevelModel()
        let reader = try ClipVoiceReader(detector: LoudSpeechDetector(), model: model)
        let loud = voice(seconds: 2)
        let soft = loud.map { $0 / 64 }
        _ = try reader.read(loud)
        _ = try reader.read(soft)
        #expect(model.levels.count == 2)
        #expect(abs(model.levels[0] - model.levels[1]) < 1e-3)
    }
}

/// Hears speech in one stretch of the sound, in seconds.
private final class StretchDetector: SpeechDetecting {
    private let speech: Range<Double>
    private var chunk = 0

    init(speech: Range<Double>) { self.speech = speech }

    func probability(of chunk: [Float]) -> Float {
        defer { self.chunk += 1 }
        return speech.contains(Double(self.chunk) * 0.032) ? 0.9 : 0.05
    }

    func reset() { chunk = 0 }
}

/// Is never quite sure.
private final class TornModel: VoiceEmotionEstimating {
    func predict(_ spectrogram: MelSpectrogram) -> VoicePrediction {
        VoicePrediction(emotion: EmotionScores([.sad: 0.8, .fear: 0.2]), arousal: 0.3)
    }
}

/// Notes how loud its windows are.
private final class LevelModel: VoiceEmotionEstimating {
    private(set) var levels: [Float] = []

    func predict(_ spectrogram: MelSpectrogram) -> VoicePrediction {
        levels.append(spectrogram.values.max() ?? 0)
        return VoicePrediction(emotion: EmotionScores([.happy: 1]), arousal: 0.5)
    }
}
