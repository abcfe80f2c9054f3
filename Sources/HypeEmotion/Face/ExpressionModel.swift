import Foundation
package import HypeCore
package import HypeInference

/// Reads the expression of aligned faces.
///
/// Use from one thread at a time; the compiled model may be shared.
package final class ExpressionModel {
    /// Name of the model's input: grey 0…255, shape `[batch, 1, 48, 48]`.
    package static let inputName = "face"
    /// Name of the model's output: logits in ``Emotion/basic`` order, shape `[batch, 7]`, temperature already applied.
    package static let outputName = "logits"

    private let request: InferenceRequest
    private let batch: Int
    private let input: Int
    private let output: Int

    /// Creates a reader.
    ///
    /// - Parameter model: The compiled `face-expression.onnx` with a fixed batch.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what a request throws.
    package init(model: CompiledModel) throws {
        do {
            input = try model.inputIndex(Self.inputName)
            output = try model.outputIndex(Self.outputName)
        } catch {
            throw Self.unsuitable(model, cause: error)
        }
        let shape = model.inputs[input].shape
        guard
            let batch = shape.first, batch > 0,
            shape.dropFirst() == [1, FaceAligner.side, FaceAligner.side],
            model.outputs[output].shape == [batch, Emotion.basic.count]
        else { throw Self.unsuitable(model, cause: nil) }
        self.batch = batch
        request = try model.makeRequest()
    }

    /// Reads the expressions of faces.
    ///
    /// - Parameter faces: Cuts by ``FaceAligner``, each of shape `[48, 48]`; any number of them.
    /// - Returns: Probabilities in the same order; `calm` is always 0.
    /// - Throws: `InferenceError` where the model fails to run.
    /// - Precondition: Each cut has 48 × 48 values.
    package func scores(of faces: [[Float]]) throws -> [EmotionScores] {
        let size = FaceAligner.side * FaceAligner.side
        var scores: [EmotionScores] = []
        for start in stride(from: 0, to: faces.count, by: batch) {
            let chunk = faces[start..<min(start + batch, faces.count)]
            request.withInput(input) { span in
                for (place, face) in chunk.enumerated() {
                    precondition(face.count == size, "an aligned face has 48 by 48 values")
                    for index in 0..<size { span[place * size + index] = face[index] }
                }
            }
            try request.run()
            request.withOutput(output) { logits in
                for place in chunk.indices.map({ $0 - start }) {
                    let row = (0..<Emotion.basic.count).map { logits[place * Emotion.basic.count + $0] }
                    scores.append(EmotionScores(probabilities: Self.softmax(row)))
                }
            }
        }
        return scores
    }

    private static func softmax(_ logits: [Float]) -> [Float] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp($0 - highest) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }

    private static func unsuitable(_ model: CompiledModel, cause: (any Error)?) -> EmotionError {
        EmotionError(
            .unsuitableModel,
            "\(model.name) is not an expression model: it must take \"\(inputName)\" [N,1,48,48] and give "
                + "\"\(outputName)\" [N,7]. Restore Models/\(model.name) from the repository.",
            cause: cause
        )
    }
}
