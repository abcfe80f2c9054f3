package import HypeInference

/// The compiled nets of the attention measures, shared by all analyzers of a process.
package struct AttentionModels: Sendable {
    private let detector: CompiledModel
    private let landmarks: CompiledModel
    private let iris: CompiledModel

    /// Loads the nets.
    ///
    /// - Parameters:
    ///   - core: The inference runtime.
    ///   - models: Where the files lie.
    /// - Throws: `InferenceError` with code `.modelMissing` (names the file and the command that brings it) or
    ///   `.modelUnusable`.
    package init(core: InferenceCore, models: ModelLocator) throws {
        detector = try core.load(models.url(of: .faceShortRange))
        landmarks = try core.load(models.url(of: .faceLandmarks))
        iris = try core.load(models.url(of: .irisLandmarks))
    }

    /// Makes a detector with memory of its own.
    ///
    /// - Returns: A detector for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeDetector() throws -> FaceDetector { try FaceDetector(range: .short, model: detector) }

    /// Makes a reader of faces with memory of its own.
    ///
    /// - Returns: A reader for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeLandmarkModel() throws -> LandmarkModel { try LandmarkModel(model: landmarks) }

    /// Makes a reader of eyes with memory of its own.
    ///
    /// - Returns: A reader for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeIrisModel() throws -> IrisModel { try IrisModel(model: iris) }
}
