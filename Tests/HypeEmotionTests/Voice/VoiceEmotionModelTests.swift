import Foundation
import HypeCore
import HypeDSP
import HypeEmotion
import HypeInference
import Testing

@Suite
struct VoiceEmotionModelTests {
    @Test
    func outputsOfTheContractAreRead() throws {
        let model = try Self.model(VoiceTestFiles.fixture("tiny-voice.onnx"))
        var values = [Float](repeating: 0, count: 80 * 197)
        for frame in 0..<197 { values[3 * 197 + frame] = 2 }
        let prediction = try model.predict(MelSpectrogram(bandCount: 80, frameCount: 197, values: values))
        let sum = 7 + exp(2.0)
        #expect(prediction.emotion.dominant == .happy)
        #expect(abs(Double(prediction.emotion[.happy]) - exp(2.0) / sum) < 1e-5)
        #expect(abs(Double(prediction.emotion[.calm]) - 1 / sum) < 1e-5)
        #expect(abs(prediction.arousal - 1 / (1 + exp(-2.0 / 80))) < 1e-5)
        let reading = try model.reading(MelSpectrogram(bandCount: 80, frameCount: 197, values: values))
        #expect(reading.prediction == prediction)
        #expect(reading.embedding.isEmpty, "a model from before has no embedding")
    }

    @Test(.enabled(if: VoiceTestFiles.hasSilero, "needs the Silero model: run Scripts/bootstrap"))
    func anotherModelIsRefused() throws {
        let silero = try InferenceCore().load(VoiceTestFiles.sileroURL)
        #expect(throws: (any Error).self) { try VoiceEmotionModel(model: silero) }
    }

    @Test(.enabled(if: VoiceTestFiles.hasVoiceModel, "needs Models/voice-emotion.onnx"))
    func shippedModelGivesProbabilities() throws {
        let model = try Self.model(VoiceTestFiles.voiceModelURL)
        let sound = TestVoice.buzz(pitch: 150, amplitude: 0.1, seconds: 2)
        let prediction = try model.predict(LogMel().spectrogram(of: sound))
        let sum = Emotion.allCases.reduce(Float(0)) { $0 + prediction.emotion[$1] }
        #expect(abs(sum - 1) < 1e-4)
        #expect((0...1).contains(prediction.arousal))
    }

    static func model(_ url: URL) throws -> VoiceEmotionModel {
        try VoiceEmotionModel(model: InferenceCore().load(url, inputShapes: VoiceEmotionModel.inputShapes))
    }
}
