import Configuration
import Foundation
package import HypeCore
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

    /// Reads the emotion of pictures and recordings.
    ///
    /// - Parameters:
    ///   - files: Paths, at least one.
    ///   - isCropped: Whether pictures are faces that were cut out already.
    ///   - threshold: Confidence below which to abstain, 0…1; nil for that of each model.
    ///   - progress: Called often, from any task.
    /// - Returns: A result for each file in the same order; those that cannot be read say why.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func predict(
        _ files: [String],
        isCropped: Bool,
        threshold: Double?,
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> [EmotionResult] {
        do {
            return try await withWorker { client in
                let judge = FileJudge(
                    client: client,
                    parallelism: parallelism,
                    isCropped: isCropped,
                    wantsWindows: true
                )
                let verdict = try await judge.judge(files) { progress(FileProgress(done: $0, total: files.count)) }
                return zip(files, verdict.predictions).map { file, prediction in
                    EmotionResult(prediction, file: file, models: verdict.models, threshold: threshold)
                }
            }
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Measures the pipeline on labelled files.
    ///
    /// - Parameters:
    ///   - source: Where the files come from.
    ///   - isCropped: Whether pictures are faces that were cut out already.
    ///   - labels: The classes to tell apart; empty for all.
    ///   - threshold: Confidence below which to abstain, 0…1; nil for that of each model.
    ///   - progress: Called often, from any task.
    /// - Returns: The figures.
    /// - Throws: ``AppFailure`` or `CancellationError`.
    package func evaluate(
        _ source: EvaluationSource,
        isCropped: Bool,
        labels: [Emotion],
        threshold: Double?,
        progress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> EvaluationDocument {
        do {
            return try await withWorker { client in
                let judge = FileJudge(
                    client: client,
                    parallelism: parallelism,
                    isCropped: isCropped,
                    wantsWindows: false
                )
                return try await Evaluation(judge: judge, source: source, labels: labels, threshold: threshold)
                    .run(progress: progress)
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
