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

    /// Reads one window, with the vector that the answer was told from.
    ///
    /// - Parameter spectrogram: As for ``predict(_:)``.
    /// - Returns: Emotion and arousal, and what the last linear layer read; empty where the model does not give it.
    /// - Throws: What running a model throws.
    func reading(_ spectrogram: MelSpectrogram) throws -> (prediction: VoicePrediction, embedding: [Float])
}

extension VoiceEmotionEstimating {
    /// The prediction without an embedding, for models that have none.
    package func reading(_ spectrogram: MelSpectrogram) throws -> (prediction: VoicePrediction, embedding: [Float]) {
        (try predict(spectrogram), [])
    }
}

/// The voice emotion model that this repository trains and ships, `Models/voice-emotion.onnx`.
///
/// Input `mel` `[N, 1, 80, 197]`; outputs `logits` `[N, 8]` in ``HypeCore/Emotion`` order with the temperature folded in,
/// so that their softmax is calibrated, `arousal` `[N, 1]` and, in files that have it, `embedding` `[N, 384]`, which both
/// are told from. All normalisation is part of the graph.
package final class VoiceEmotionModel: VoiceEmotionEstimating {
    /// Samples of a window: 2.0 s at 16 kHz.
    package static let windowLength = 32_000
    /// Frames of a window.
    package static let frameCount = 197

    private let request: InferenceRequest
    private let melInput: Int
    private let logitsOutput: Int
    private let arousalOutput: Int
    private let embeddingOutput: Int?

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
        embeddingOutput = try model.outputs.count > 2 ? model.outputIndex("embedding") : nil
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

    package func reading(_ spectrogram: MelSpectrogram) throws -> (prediction: VoicePrediction, embedding: [Float]) {
        let prediction = try predict(spectrogram)
        return (prediction, embeddingOutput.map(request.output) ?? [])
    }

    /// The probabilities that logits stand for.
    static func softmax(_ logits: [Float]) -> [Float] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
