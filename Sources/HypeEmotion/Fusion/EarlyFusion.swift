import Foundation
import HypeCore
package import HypeInference

/// Judges the embeddings of face and voice together, by one small head.
///
/// Who drops out is decided as in ``LateFusion``; the head knows from two of its inputs what is there. The shares say by
/// how much the answer's log-probability falls where either branch is taken away: half each where neither is missed. Use
/// from one thread at a time.
package struct EarlyFusion {
    /// Rows of a run: the answer, and for the shares the answers of the face and of the voice alone.
    private static let rows = 3
    /// Shapes to load the head with.
    ///
    /// - Parameter description: What `Models/fusion.json` says about the head.
    /// - Returns: A shape for each input.
    package static func inputShapes(_ description: FusionDescription) -> [String: [Int]] {
        ["face": [rows, description.early.face], "voice": [rows, description.early.voice], "present": [rows, 2]]
    }

    private let request: InferenceRequest
    private let inputs: (face: Int, voice: Int, present: Int)
    private let output: Int
    private let description: FusionDescription

    /// Creates a fusion.
    ///
    /// - Parameters:
    ///   - model: The compiled `fusion-early.onnx`, with ``inputShapes(_:)``.
    ///   - description: What `Models/fusion.json` says about it.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what making the request throws.
    package init(model: CompiledModel, description: FusionDescription) throws {
        do {
            inputs = (try model.inputIndex("face"), try model.inputIndex("voice"), try model.inputIndex("present"))
            output = try model.outputIndex("logits")
        } catch {
            throw Self.unsuitable(model, cause: error)
        }
        guard model.outputs[output].shape == [Self.rows, Emotion.basic.count] else {
            throw Self.unsuitable(model, cause: nil)
        }
        self.description = description
        request = try model.makeRequest()
    }

    /// Judges two readings.
    ///
    /// - Parameters:
    ///   - face: What the face says, with its embedding; nil where there is none.
    ///   - voice: What the voice says, with its embedding; nil where there is none.
    /// - Returns: What both say together; nil where both are missing.
    /// - Throws: ``EmotionError`` with code `.wrongEmbedding` where a branch that counts has not the embedding that the head
    ///   reads; `InferenceError` where the head fails to run.
    package func fuse(face: BranchReading?, voice: BranchReading?) throws -> FusedReading? {
        guard let way = FusionWay.chosen(face: face, voice: voice) else { return nil }
        let seen = way == .voice ? nil : face
        let heard = way == .face ? nil : voice
        try write(seen, length: description.early.face, to: inputs.face, branch: "face")
        try write(heard, length: description.early.voice, to: inputs.voice, branch: "voice")
        let presence: [Float] = [seen == nil ? 0 : 1, heard == nil ? 0 : 1, 1, 0, 0, 1]
        try request.setInput(presence, at: inputs.present)
        try request.run()
        let rows = (0..<Self.rows).map(probabilities)
        let scores = EmotionScores(probabilities: rows[0])
        let threshold = description.early.thresholds[way] ?? 1
        return FusedReading(
            scores: scores,
            threshold: Float(threshold),
            shares: Self.shares(way, of: scores.dominant.index, both: rows[0], face: rows[1], voice: rows[2])
        )
    }

    /// Writes an embedding into all rows, or zeros where the branch does not count.
    private func write(_ reading: BranchReading?, length: Int, to input: Int, branch: String) throws {
        let values = reading?.embedding ?? [Float](repeating: 0, count: length)
        guard values.count == length, values.allSatisfy(\.isFinite) else {
            throw EmotionError(
                .wrongEmbedding,
                "Early fusion reads \(length) finite numbers of the \(branch), and was given \(values.count). Use the "
                    + "\(branch) model that Models/fusion.json names, ask it for embeddings, or choose late fusion."
            )
        }
        try request.setInput(values + values + values, at: input)
    }

    private func probabilities(of row: Int) -> [Float] {
        request.withOutput(output) { logits in
            let count = Emotion.basic.count
            let own = (0..<count).map { logits[row * count + $0] }
            let highest = own.max() ?? 0
            let powers = own.map { exp($0 - highest) }
            let total = powers.reduce(0, +)
            return powers.map { $0 / total }
        }
    }

    private static func shares(
        _ way: FusionWay,
        of answer: Int,
        both: [Float],
        face: [Float],
        voice: [Float]
    ) -> (face: Float, voice: Float) {
        switch way {
        case .face: return (1, 0)
        case .voice: return (0, 1)
        case .both:
            let faceMissed = max(0, log(max(both[answer], .leastNormalMagnitude) / max(voice[answer], 1e-6)))
            let voiceMissed = max(0, log(max(both[answer], .leastNormalMagnitude) / max(face[answer], 1e-6)))
            guard faceMissed + voiceMissed > 0 else { return (0.5, 0.5) }
            let share = faceMissed / (faceMissed + voiceMissed)
            return (share, 1 - share)
        }
    }

    private static func unsuitable(_ model: CompiledModel, cause: (any Error)?) -> EmotionError {
        EmotionError(
            .unsuitableModel,
            "\(model.name) does not read the embeddings of face and voice into 7 emotions. "
                + "Run `git checkout -- Models` to restore it.",
            cause: cause
        )
    }
}
