import HypeCore
package import HypeInference

/// Silero's voice activity detector.
///
/// `silero_vad_openvino_16k.onnx` of the `silero-vad` 6.2.3 package: input `[1, 576]` (64 samples of context and 512
/// new ones), state `[2, 1, 128]` in and out, probability `[1, 1]`; the same steps as its `OnnxWrapper`. One detector
/// follows one sound at a time.
package final class VoiceActivity: SpeechDetecting {
    /// New samples per chunk: 32 ms.
    package static let chunkLength = 512
    /// Samples of the chunk before that the model sees again.
    private static let contextLength = 64
    /// Numbers in the recurrent state, `[2, 1, 128]`.
    private static let stateLength = 256

    private let request: InferenceRequest
    private let soundInput: Int
    private let stateInput: Int
    private let probabilityOutput: Int
    private let stateOutput: Int

    /// Prepares a detector.
    ///
    /// - Parameter model: The compiled model.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel`, or what making the request throws.
    package init(model: CompiledModel) throws {
        soundInput = try model.inputIndex("input")
        stateInput = try model.inputIndex("state")
        probabilityOutput = try model.outputIndex("output")
        stateOutput = try model.outputIndex("stateN")
        guard model.inputs[soundInput].count == Self.contextLength + Self.chunkLength,
            model.inputs[stateInput].count == Self.stateLength,
            model.outputs[stateOutput].count == Self.stateLength
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) is not the 16 kHz Silero model; run Scripts/bootstrap to get the pinned one"
            )
        }
        request = try model.makeRequest()
        reset()
    }

    package func probability(of chunk: [Float]) throws -> Float {
        precondition(chunk.count == Self.chunkLength, "a chunk has 512 samples")
        request.withInput(soundInput) { input in
            for index in 0..<Self.chunkLength { input[Self.contextLength + index] = chunk[index] }
        }
        try request.run()
        request.withInput(soundInput) { input in
            for index in 0..<Self.contextLength { input[index] = chunk[Self.chunkLength - Self.contextLength + index] }
        }
        request.withOutput(stateOutput) { newState in
            request.withInput(stateInput) { state in
                for index in 0..<Self.stateLength { state[index] = newState[index] }
            }
        }
        return request.withOutput(probabilityOutput) { $0[0] }
    }

    package func reset() {
        for index in [soundInput, stateInput] {
            request.withInput(index) { input in
                for position in 0..<input.count { input[position] = 0 }
            }
        }
    }
}
