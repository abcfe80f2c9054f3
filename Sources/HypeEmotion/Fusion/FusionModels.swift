package import HypeInference

/// Everything that joins face and voice, shared by all readers of a process.
package struct FusionModels: Sendable {
    /// What `Models/fusion.json` says.
    package let description: FusionDescription
    private let head: CompiledModel
    private let mismatch: String?

    /// Loads the head and its description.
    ///
    /// - Parameters:
    ///   - core: The inference runtime.
    ///   - models: Where the files lie.
    /// - Throws: `InferenceError` with code `.modelMissing` or `.modelUnusable`.
    package init(core: InferenceCore, models: ModelLocator) throws {
        description = try FusionDescription(models: models)
        head = try core.load(models.url(of: .fusion), inputShapes: EarlyFusion.inputShapes(description))
        mismatch = try Self.mismatch(description.nets, models: models)
    }

    /// Late fusion; any number of threads may share it.
    package var late: LateFusion { LateFusion(description) }

    /// Makes an early fusion with memory of its own, for one thread.
    ///
    /// - Returns: The fusion.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where the head belongs to other nets than those that are
    ///   installed, whose embeddings mean something else.
    package func makeEarly() throws -> EarlyFusion {
        if let mismatch { throw EmotionError(.unsuitableModel, mismatch) }
        return try EarlyFusion(model: head, description: description)
    }

    /// Says which installed net the head does not belong to; nil where it belongs to both.
    private static func mismatch(_ nets: [FusionDescription.Net], models: ModelLocator) throws -> String? {
        for net in nets {
            guard let file = ModelFile(rawValue: net.name) else {
                return "Models/fusion.json names \(net.name), which is no model. Run `Training/run fusion`."
            }
            let installed = try Sidecar(beside: models.url(of: file))
            if installed.sha256 != net.sha256 {
                return
                    "fusion-early.onnx belongs to \(net.name) \(net.version), but another one (\(installed.version)) is "
                    + "installed, whose embeddings mean something else. Run `Training/run fusion`, or choose late fusion."
            }
        }
        return nil
    }
}
