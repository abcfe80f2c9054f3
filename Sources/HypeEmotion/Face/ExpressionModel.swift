import Foundation
package import HypeCore
package import HypeInference

/// What a face shows, and the vector that it was told from.
package struct ExpressionReading: Hashable, Sendable {
    /// Calibrated probabilities of the seven basic emotions.
    package var scores: EmotionScores
    /// What the model's last linear layer read, `[160]` of the shipped model; empty where the model does not give it.
    package var embedding: [Float]
}

/// Reads the expression of aligned faces.
///
/// Use from one thread at a time; the compiled model may be shared.
package final class ExpressionModel {
    /// Name of the model's input: grey 0…255, shape `[batch, 1, 48, 48]`.
    package static let inputName = "face"
    /// Name of the model's output: logits in ``Emotion/basic`` order, shape `[batch, 7]`, temperature already applied.
    package static let outputName = "logits"
    /// Name of the output that the last linear layer reads, shape `[batch, width]`; models without it give no embeddings.
    package static let embeddingName = "embedding"

    private let request: InferenceRequest
    private let batch: Int
    private let input: Int
    private let output: Int
    private let embeddingOutput: Int?
    private let width: Int

    /// Creates a reader.
    ///
    /// - Parameter model: The compiled `face-expression.onnx` with a fixed batch.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what a request throws.
    package init(model: CompiledModel) throws {
        do {
            input = try model.inputIndex(Self.inputName)
            output = try model.outputIndex(Self.outputName)
            embeddingOutput = try model.outputs.count > 1 ? model.outputIndex(Self.embeddingName) : nil
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
        width = embeddingOutput.map { model.outputs[$0].count / batch } ?? 0
        request = try model.makeRequest()
    }

    /// Reads the expressions of faces.
    ///
    /// - Parameter faces: Cuts by ``FaceAligner``, each of shape `[48, 48]`; any number of them.
    /// - Returns: Probabilities in the same order; `calm` is always 0.
    /// - Throws: `InferenceError` where the model fails to run.
    /// - Precondition: Each cut has 48 × 48 values.
    package func scores(of faces: [[Float]]) throws -> [EmotionScores] {
        var scores: [EmotionScores] = []
        try read(faces) { place in scores.append(self.scores(at: place)) }
        return scores
    }

    /// Reads the expressions of faces with the vectors that they were told from.
    ///
    /// - Parameter faces: Cuts by ``FaceAligner``, each of shape `[48, 48]`; any number of them.
    /// - Returns: Probabilities and embeddings in the same order; `calm` is always 0.
    /// - Throws: `InferenceError` where the model fails to run.
    /// - Precondition: Each cut has 48 × 48 values.
    package func readings(of faces: [[Float]]) throws -> [ExpressionReading] {
        var readings: [ExpressionReading] = []
        try read(faces) { place in
            readings.append(ExpressionReading(scores: self.scores(at: place), embedding: self.embedding(at: place)))
        }
        return readings
    }

    /// Runs the model over faces and has each answer taken, by its place in the batch.
    private func read(_ faces: [[Float]], take: (Int) -> Void) throws {
        let size = FaceAligner.side * FaceAligner.side
        for start in stride(from: 0, to: faces.count, by: batch) {
            let chunk = faces[start..<min(start + batch, faces.count)]
            request.withInput(input) { span in
                for (place, face) in chunk.enumerated() {
                    precondition(face.count == size, "an aligned face has 48 by 48 values")
                    for index in 0..<size { span[place * size + index] = face[index] }
                }
            }
            try request.run()
            for place in 0..<chunk.count { take(place) }
        }
    }

    private func scores(at place: Int) -> EmotionScores {
        request.withOutput(output) { logits in
            let row = (0..<Emotion.basic.count).map { logits[place * Emotion.basic.count + $0] }
            return EmotionScores(probabilities: Self.softmax(row))
        }
    }

    private func embedding(at place: Int) -> [Float] {
        guard let embeddingOutput else { return [] }
        return request.withOutput(embeddingOutput) { values in (0..<width).map { values[place * width + $0] } }
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
