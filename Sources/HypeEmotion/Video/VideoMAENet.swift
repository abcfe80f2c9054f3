package import Foundation
package import HypeInference

/// A compiled VideoMAE net with its description, which all threads may share.
package struct VideoMAENet: Sendable {
    /// What the net takes and answers.
    package let description: VideoModelDescription
    /// Clips that one run takes.
    package let batch: Int

    let model: CompiledModel
    /// Places of the net's ports.
    let input: Int
    let logits: Int
    let embedding: Int

    private static let logitsName = "logits"
    private static let embeddingName = "embedding"

    /// Compiles a net.
    ///
    /// - Parameters:
    ///   - file: The net; its description lies beside it.
    ///   - core: The inference runtime.
    ///   - batch: Clips of one run, at least 1. On a processor a clip takes the same time in any batch, so that 1 suits
    ///     most callers.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where the file holds no VideoMAE, or not the one that is
    ///   described; `InferenceError` where it cannot be read or compiled.
    package init(file: URL, core: InferenceCore, batch: Int = 1) throws {
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            throw InferenceError(.modelMissing, "The model file \(file.path) is missing or not readable.")
        }
        description = try VideoModelDescription(beside: file)
        self.batch = max(1, batch)
        let shape = [self.batch, description.input.frames, 3, description.input.side, description.input.side]
        let model: CompiledModel
        do {
            model = try core.load(file, inputShapes: [description.input.name: shape])
            input = try model.inputIndex(description.input.name)
            logits = try model.outputIndex(Self.logitsName)
            embedding = try model.outputIndex(Self.embeddingName)
        } catch let error as InferenceError where error.code == .unsupportedPort {
            throw Self.unsuitable(file, description, cause: error)
        }
        guard model.inputs.count == 1, model.inputs[input].shape == shape,
            model.outputs[logits].shape == [self.batch, description.labels.count],
            model.outputs[embedding].shape.count == 2, model.outputs[embedding].shape[0] == self.batch
        else { throw Self.unsuitable(file, description, cause: nil) }
        self.model = model
    }

    private static func unsuitable(
        _ file: URL,
        _ description: VideoModelDescription,
        cause: (any Error)?
    ) -> EmotionError {
        EmotionError(
            .unsuitableModel,
            "\(file.path) is not the VideoMAE that its description says: it must take \"\(description.input.name)\" "
                + "[N,\(description.input.frames),3,\(description.input.side),\(description.input.side)] and give "
                + "\"\(logitsName)\" [N,\(description.labels.count)] and \"\(embeddingName)\" [N,width]. "
                + "Export it again with `Training/run videomae export`.",
            cause: cause
        )
    }
}
