import Configuration
import Foundation
package import HypeCore
import HypeEvaluation
import HypeMoments
import HypeWorkerLink
import Logging
import SystemPackage

/// The composition root of the control plane: reads the surroundings once, chooses the parts and joins them.
package struct App: Sendable {
    private let installation: Installation
    private let moments: MomentSettings
    private let parallelism: Int
    private let logger: Logger

    /// Reads environment and settings file.
    ///
    /// - Parameters:
    ///   - configFile: Path of a JSON settings file, or nil.
    ///   - isVerbose: Whether to log what developers want to know.
    /// - Throws: ``AppFailure`` with a report of all mistakes in the settings.
    package init(configFile: String?, isVerbose: Bool) async throws {
        let environment = ProcessInfo.processInfo.environment
        installation = Installation.current()
        moments = try await SettingsReader.read(configFile: configFile, environment: environment)
        parallelism = ProcessInfo.processInfo.activeProcessorCount
        var logger = Logger(label: "hypeclip") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = isVerbose ? .debug : .error
        self.logger = logger
    }

    /// Options with the settings that were read.
    package func options(
        video: String,
        chat: String?,
        camera: CameraChoice,
        output: String,
        isFull: Bool
    ) -> AnalysisOptions {
        AnalysisOptions(
            video: video,
            chat: chat,
            camera: camera,
            output: output,
            isFull: isFull,
            moments: moments,
            parallelism: parallelism
        )
    }

    /// Runs an analysis with a worker of its own.
    ///
    /// - Parameters:
    ///   - options: What to analyse.
    ///   - progress: Called often, from any task.
    /// - Returns: What was found.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func analyse(
        _ options: AnalysisOptions,
        progress: @escaping @Sendable (AnalysisProgress) -> Void
    ) async throws -> AnalysisDocument {
        try await withWorker { client in
            try await RecordingAnalysis(options: options, client: client, logger: logger).run(progress: progress)
        }
    }

    /// Looks at everything an analysis needs.
    ///
    /// - Returns: What was found.
    /// - Throws: ``AppFailure`` where not even a worker can be started.
    package func diagnose() async throws -> DiagnosisReport {
        do {
            return try await withWorker { client in
                guard case .diagnosis(let lines) = try await client.perform(.diagnose) else {
                    return DiagnosisReport(lines: [])
                }
                return DiagnosisReport(lines: lines)
            }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Reads the emotion of pictures, recordings and videos.
    ///
    /// - Parameters:
    ///   - query: What is wanted to know.
    ///   - onResult: Called once for each file as its result comes, with the file's place in the query, from any task.
    ///   - progress: Called often, from any task.
    /// - Returns: A result for each file in the same order; those that cannot be read say why.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func predict(
        _ query: EmotionQuery,
        onResult: @escaping @Sendable (Int, EmotionResult) -> Void = { _, _ in },
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> [EmotionResult] {
        do {
            return try await withWorker { client in
                let wish = query.wish
                // Asked beforehand, so that each result is complete when it comes.
                guard case .predicted(let models) = try await client.perform(.emotionModels(wish)) else { return [] }
                let result = { @Sendable (prediction: FilePrediction) in
                    EmotionResult(
                        prediction,
                        file: query.files[prediction.index],
                        models: models,
                        threshold: query.threshold,
                        fusion: wish.fusion
                    )
                }
                let judge = FileJudge(client: client, parallelism: parallelism, wish: wish)
                return try await judge.judge(
                    query.files.map { PredictSubject(file: $0) },
                    onAnswer: { onResult($0.index, result($0)) },
                    onProgress: progress
                ).predictions.map(result)
            }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Watches the faces and hears the voices that devices of this machine bring, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - devices: Which devices.
    ///   - tell: Called in order for everything that is seen and heard.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func gaze(
        at devices: EmotionDevices,
        tell: @escaping @Sendable (LiveEmotion.News) -> Void
    ) async throws {
        do {
            try await withWorker { try await LiveEmotion(client: $0, devices: devices).run(tell: tell) }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Chooses the files that ``evaluate(_:options:progress:)`` judges, and refuses those that leak.
    ///
    /// - Parameter options: What is asked for.
    /// - Returns: The files.
    /// - Throws: ``AppFailure``.
    package func select(_ options: EvaluationOptions) throws -> EvaluationSelection {
        try EvaluationSelection(options, inventory: installation.inventory)
    }

    /// Measures the pipeline on labelled files.
    ///
    /// - Parameters:
    ///   - selection: The files.
    ///   - options: What is asked for.
    ///   - progress: Called often, from any task.
    /// - Returns: The figures of each collection.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func evaluate(
        _ selection: EvaluationSelection,
        options: EvaluationOptions,
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> EvaluationBatch {
        let total = selection.parts.reduce(0) { $0 + $1.labeled.files.count }
        do {
            return try await withWorker { client in
                var wish = PredictWish()
                wish.isCropped = options.isCropped
                wish.wantsVoice = options.dataset.modality != .video
                let judge = FileJudge(client: client, parallelism: parallelism, wish: wish)
                var sets: [EvaluationDocument] = []
                var before = 0
                for part in selection.parts {
                    let earlier = before
                    sets.append(
                        try await Evaluation(judge: judge, part: part, options: options).run {
                            progress(FileProgress(done: earlier + $0, total: total))
                        }
                    )
                    before += part.labeled.files.count
                }
                return EvaluationBatch(sets: sets, commandLine: EvaluationBatch.commandLine(CommandLine.arguments))
            }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Computes features of the sound of recordings.
    ///
    /// - Parameters:
    ///   - tasks: The recordings, at least one, and the files to write for each.
    ///   - settings: What is computed.
    ///   - progress: Called often, from any task.
    /// - Returns: What became of each recording, in the same order; those that cannot be read say why.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func features(
        _ tasks: [FeatureTask],
        settings: FeatureSettings,
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> [FeatureOutcome] {
        do {
            return try await withWorker { client in
                try await FeatureRun(client: client, parallelism: parallelism, settings: settings).run(tasks) {
                    progress(FileProgress(done: $0, total: tasks.count))
                }
            }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    private func withWorker<Result: Sendable>(
        _ body: @Sendable (WorkerClient) async throws -> Result
    ) async throws -> Result {
        let client = WorkerClient(settings: installation.workerSettings, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}
