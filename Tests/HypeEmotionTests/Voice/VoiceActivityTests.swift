import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

@Suite(.enabled(if: VoiceTestFiles.hasSilero, "needs the Silero model: run Scripts/bootstrap"))
struct VoiceActivityTests {
    @Test
    func probabilitiesEqualPythonOnSyntheticSyllables() throws {
        let detector = try VoiceTestFiles.detector()
        let probabilities = try probabilities(of: Self.syllables(), detector)
        let expected = try SileroFixture.load().synthetic
        #expect(probabilities.count == expected.count)
        for (actual, expected) in zip(probabilities, expected) { #expect(abs(Double(actual) - expected) < 1e-3) }
    }

    @Test(.enabled(if: VoiceTestFiles.hasShared, "needs ../shared"))
    func probabilitiesEqualPythonOnRealSpeech() throws {
        let shared = try #require(VoiceTestFiles.shared)
        let samples = try VoiceTestFiles.samples(of: shared.appending(path: "data/speech/jfk.wav"))
        let probabilities = try probabilities(of: samples, VoiceTestFiles.detector())
        let expected = try SileroFixture.load().jfk
        #expect(probabilities.count == expected.count)
        for (actual, expected) in zip(probabilities, expected) { #expect(abs(Double(actual) - expected) < 1e-3) }
    }

    @Test
    func resetForgetsWhatCameBefore() throws {
        let detector = try VoiceTestFiles.detector()
        let first = try probabilities(of: Self.syllables(), detector)
        detector.reset()
        #expect(try probabilities(of: Self.syllables(), detector) == first)
    }

    @Test(.enabled(if: VoiceTestFiles.hasEspeak, "needs espeak-ng and ffmpeg"))
    func speechIsHeardAndNoiseIsNot() throws {
        let speech = try VoiceTestFiles.speech("This is a sentence to be heard.", pitch: 50, speed: 160, amplitude: 100)
        let heard = try probabilities(of: speech, VoiceTestFiles.detector()).filter { $0 > 0.5 }
        #expect(Double(heard.count) > 0.6 * Double(speech.count / 512))
        let noise = TestVoice.noise(amplitude: 0.3, seconds: 3)
        #expect(try probabilities(of: noise, VoiceTestFiles.detector()).allSatisfy { $0 < 0.5 })
    }

    @Test
    func anotherModelIsRefused() throws {
        let model = try InferenceCore().load(
            VoiceTestFiles.fixture("tiny-voice.onnx"),
            inputShapes: VoiceEmotionModel.inputShapes
        )
        #expect(throws: (any Error).self) { try VoiceActivity(model: model) }
    }

    private func probabilities(of samples: [Float], _ detector: VoiceActivity) throws -> [Float] {
        try stride(from: 0, through: samples.count - 512, by: 512).map {
            try detector.probability(of: Array(samples[$0..<$0 + 512]))
        }
    }

    /// The signal of `Scripts/fixtures/make_voice_fixtures.py`.
    private static func syllables() -> [Float] {
        (0..<48_000).map { index in
            let t = Double(index) / 16_000
            let phase = 2 * Double.pi * (130 * t + 5 * sin(2 * Double.pi * 0.7 * t))
            var tone = 0.0
            for harmonic in 1..<25 {
                let distance = (130 * Double(harmonic) - 600) / 500
                tone += exp(-distance * distance) * sin(Double(harmonic) * phase)
            }
            let swell = max(0, sin(2 * Double.pi * 2 * t))
            return t < 2 ? Float(0.3 * swell * swell * tone) : 0
        }
    }
}
