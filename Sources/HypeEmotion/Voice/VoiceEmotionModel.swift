import Foundation
package import HypeCore
package import HypeDSP
package import HypeInference

/// What a model makes of two seconds of voice.
package struct VoicePrediction: Hashable, Sendable {
    /// Calibrated probability of each of the eight emotions.
    package let emotion: EmotionScores
    /// Arousal, 0 (asleep) … 1 (screaming).
    package let arousal: Double

    /// Creates a prediction.
    package init(emotion: EmotionScores, arousal: Double) {
        self.emotion = emotion
        self.arousal = arousal
    }
}

/// Reads emotion and arousal from a voice.
package protocol VoiceEmotionEstimating {
    /// Reads one window.
    ///
    /// - Parameter spectrogram: Log-mel energies of 2.0 s as ``HypeDSP/LogMel`` makes them. Shape `[80, 197]`.
    /// - Returns: Emotion and arousal.
    /// - Throws: What running a model throws.
    func predict(_ spectrogram: MelSpectrogram) throws -> VoicePrediction
}

/// The voice emotion model that this repository trains and ships, `Models/voice-emotion.onnx`.
///
/// Input `mel` `[N, 1, 80, 197]`; outputs `logits` `[N, 8]` in ``HypeCore/Emotion`` order with the temperature folded in,
/// so that their softmax is calibrated, and `arousal` `[N, 1]`. All normalisation is part of the graph.
package final class VoiceEmotionModel: VoiceEmotionEstimating {
    /// Samples of a window: 2.0 s at 16 kHz.
    package static let windowLength = 32_000
    /// Frames of a window.
    package static let frameCount = 197

    private let request: InferenceRequest
    private let melInput: Int
    private let logitsOutput: Int
    private let arousalOutput: Int

    /// Shapes to load the model file with: one window at a time.
    package static let inputShapes = ["mel": [1, 1, LogMel.bandCount, frameCount]]

    /// Prepares the model.
    ///
    /// - Parameter model: The model, compiled with ``inputShapes``.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel`, or what making the request throws.
    package init(model: CompiledModel) throws {
        melInput = try model.inputIndex("mel")
        logitsOutput = try model.outputIndex("logits")
        arousalOutput = try model.outputIndex("arousal")
        guard model.inputs[melInput].shape == [1, 1, LogMel.bandCount, Self.frameCount],
            model.outputs[logitsOutput].count == Emotion.allCases.count,
            model.outputs[arousalOutput].count == 1
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) does not read 80 x 197 mel energies into 8 emotions and arousal; "
                    + "restore Models/voice-emotion.onnx"
            )
        }
        request = try model.makeRequest()
    }

    package func predict(_ spectrogram: MelSpectrogram) throws -> VoicePrediction {
        try request.setInput(spectrogram.values, at: melInput)
        try request.run()
        let logits = request.output(logitsOutput)
        let arousal = request.withOutput(arousalOutput) { Double($0[0]) }
        return VoicePrediction(
            emotion: EmotionScores(probabilities: Self.softmax(logits)),
            arousal: min(1, max(0, arousal))
        )
    }

    /// The probabilities that logits stand for.
    static func softmax(_ logits: [Float]) -> [Float] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
