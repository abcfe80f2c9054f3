import HypeCore
package import HypeInference

/// The compiled nets of the voice analysis, shared by all readers of a process.
package struct VoiceModels: Sendable {
    private let speech: CompiledModel
    private let emotion: CompiledModel

    /// Loads the nets.
    ///
    /// - Parameters:
    ///   - core: The inference runtime.
    ///   - models: Where the files lie.
    /// - Throws: `InferenceError` with code `.modelMissing` (names the file and the command that brings it) or
    ///   `.modelUnusable`.
    package init(core: InferenceCore, models: ModelLocator) throws {
        speech = try core.load(models.url(of: .sileroVAD))
        emotion = try core.load(models.url(of: .voiceEmotion), inputShapes: VoiceEmotionModel.inputShapes)
    }

    /// Makes a speech detector with memory of its own, for one thread.
    ///
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeDetector() throws -> VoiceActivity { try VoiceActivity(model: speech) }

    /// Makes an emotion reader with memory of its own, for one thread.
    ///
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeEmotionModel() throws -> VoiceEmotionModel { try VoiceEmotionModel(model: emotion) }
}
