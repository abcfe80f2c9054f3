package import HypeInference
import Synchronization

/// The compiled nets of the face analysis, shared by all analyzers of a process.
package struct FaceModels: Sendable {
    /// Faces that one run of the expression model takes.
    package static let expressionBatch = 4

    private let shortRange: CompiledModel
    private let fullRange: DeferredModel
    private let expression: CompiledModel
    private let singleExpression: DeferredModel

    /// Loads the nets; the full-range net, which few recordings need, only when it is first asked for.
    ///
    /// - Parameters:
    ///   - core: The inference runtime.
    ///   - models: Where the files lie.
    /// - Throws: `InferenceError` with code `.modelMissing` (names the file and the command that brings it) or
    ///   `.modelUnusable`.
    package init(core: InferenceCore, models: ModelLocator) throws {
        shortRange = try core.load(models.url(of: .faceShortRange))
        let fullRangeFile = try models.url(of: .faceFullRange)
        fullRange = DeferredModel { try core.load(fullRangeFile) }
        let expressionFile = try models.url(of: .faceExpression)
        expression = try core.load(expressionFile, inputShapes: Self.expressionShapes(batch: Self.expressionBatch))
        singleExpression = DeferredModel {
            try core.load(expressionFile, inputShapes: Self.expressionShapes(batch: 1))
        }
    }

    /// Takes over nets that are compiled already.
    ///
    /// - Parameters:
    ///   - shortRange: BlazeFace, short range.
    ///   - fullRange: BlazeFace, full range, sparse.
    ///   - expression: An expression model with a fixed batch (see ``ExpressionModel``).
    package init(shortRange: CompiledModel, fullRange: CompiledModel, expression: CompiledModel) {
        self.shortRange = shortRange
        self.fullRange = DeferredModel { fullRange }
        self.expression = expression
        singleExpression = DeferredModel { expression }
    }

    private static func expressionShapes(batch: Int) -> [String: [Int]] {
        [ExpressionModel.inputName: [batch, 1, FaceAligner.side, FaceAligner.side]]
    }

    /// Makes a detector with memory of its own.
    ///
    /// - Parameter range: Which net.
    /// - Returns: A detector for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeDetector(_ range: BlazeFaceDecoder.Range) throws -> FaceDetector {
        switch range {
        case .short: try FaceDetector(range: .short, model: shortRange)
        case .full: try FaceDetector(range: .full, model: fullRange.get())
        }
    }

    /// Makes an expression reader with memory of its own.
    ///
    /// - Returns: A reader for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeExpressionModel() throws -> ExpressionModel {
        try ExpressionModel(model: expression)
    }

    /// Makes an expression reader for one face at a time, which single pictures have mostly.
    ///
    /// - Returns: A reader for one thread.
    /// - Throws: ``EmotionError`` where the file holds another model.
    package func makeSingleExpressionModel() throws -> ExpressionModel {
        try ExpressionModel(model: singleExpression.get())
    }
}

/// A net that is loaded when it is first needed: compiling takes longer than many runs.
private final class DeferredModel: Sendable {
    private let load: @Sendable () throws -> CompiledModel
    private let loaded = Mutex<CompiledModel?>(nil)

    init(_ load: @escaping @Sendable () throws -> CompiledModel) {
        self.load = load
    }

    /// The net, loaded by the first caller while others wait.
    func get() throws -> CompiledModel {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let model = try load()
            loaded = model
            return model
        }
    }
}
