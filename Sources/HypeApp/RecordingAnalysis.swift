import Foundation
import HypeCore
import HypeMoments
package import HypeWorkerLink
package import Logging

/// The whole way from a recording and its chat log to clips, data and report.
package struct RecordingAnalysis: Sendable {
    private let options: AnalysisOptions
    private let client: WorkerClient
    private let logger: Logger

    /// Creates an analysis.
    ///
    /// - Parameters:
    ///   - options: What to analyse and how.
    ///   - client: A client whose ``WorkerClient/run()`` is under way.
    ///   - logger: For what developers want to know.
    package init(options: AnalysisOptions, client: WorkerClient, logger: Logger) {
        self.options = options
        self.client = client
        self.logger = logger
    }

    /// Analyses the recording and writes everything to the output folder.
    ///
    /// - Parameter progress: Called often, from any task.
    /// - Returns: What was found.
    /// - Throws: ``AppFailure`` for a person, or `CancellationError`; no half-written file is left then.
    package func run(progress: @escaping @Sendable (AnalysisProgress) -> Void) async throws -> AnalysisDocument {
        try options.moments.validate()
        let folder = try OutputFolder(path: options.output)
        do {
            return try await analyse(into: folder, progress: progress)
        } catch let failure as WorkerFailure {
            folder.removePartials()
            throw AppFailure(failure.isAboutInput ? .unreadableInput : .failed, failure.message)
        } catch {
            folder.removePartials()
            throw error
        }
    }

    private func analyse(
        into folder: OutputFolder,
        progress: @escaping @Sendable (AnalysisProgress) -> Void
    ) async throws -> AnalysisDocument {
        let clock = StopWatch()
        guard case .media(let media) = try await client.perform(.probe(path: options.video)) else {
            throw AppFailure(.failed, "the worker gave no answer about \(options.video)")
        }
        let recording = MediaInterval(start: .zero, end: .zero + media.interval.duration)
        let chat = try ChatWitness.read(options.chat, recording: recording)
        let tally = ProgressTally(duration: recording.duration, report: progress)
        let witnesses = Witnesses(
            client: client,
            options: options,
            media: media,
            recording: recording,
            tally: tally,
            clock: clock
        )
        let statement = try await witnesses.hear(chat: chat.observations)
        var settings = options.moments
        settings.chatLag = statement.lag.lag
        let observations = chat.observations + statement.observations
        let verdict = try Jury(settings: settings, recording: recording).decide(observations, speech: statement.speech)

        folder.removeLeftovers()
        let maker = ClipMaker(
            client: client,
            video: options.video,
            folder: folder,
            naming: try await client.namingConfidence()
        )
        let made = try await clock.time(.clips) {
            try await maker.make(verdict.plans, moments: verdict.moments) { tally.set(.clips, $0) }
        }
        var document = AnalysisDocument(
            clips: made.map(\.clip),
            moments: verdict.moments,
            duration: recording.duration.inSeconds,
            recording: .init(name: URL(filePath: options.video).lastPathComponent, media: media),
            camera: statement.camera,
            chat: chat.summary(lag: statement.lag),
            warnings: chat.warnings + statement.warnings + made.flatMap(\.warnings),
            settings: settings,
            timings: AnalysisDocument.Timings()
        )
        document.timings = timings(clock, recording: recording, watched: statement.watched)
        try folder.write(document.json(), to: "moments.json")
        try folder.write(verdict.log, to: "decisions.jsonl")
        let report = ReportMaker(document: document, made: made, observations: observations)
        try folder.write(Data(report.html.utf8), to: "report.html")
        logger.info("analysis done", metadata: ["clips": "\(made.count)", "seconds": "\(document.timings.total)"])
        return document
    }

    private func timings(
        _ clock: StopWatch,
        recording: MediaInterval,
        watched: [MediaInterval]
    ) -> AnalysisDocument.Timings {
        let total = clock.total.inSeconds
        return AnalysisDocument.Timings(
            total: total,
            camera: clock[.camera].inSeconds,
            voice: clock[.voice].inSeconds,
            faces: clock[.faces].inSeconds,
            clips: clock[.clips].inSeconds,
            facesWatched: watched.reduce(0) { $0 + $1.duration.inSeconds },
            speed: total > 0 ? recording.duration.inSeconds / total : 0
        )
    }
}

extension WorkerFailure {
    /// Whether the input is to blame, so that the exit code says so.
    fileprivate var isAboutInput: Bool { code == .unreadableInput || code == .crashed }
}

extension WorkerClient {
    /// Confidence from which on an emotion is named: that of the stricter net; out of reach where it is not known.
    ///
    /// - Returns: 0…1, or infinity.
    /// - Throws: `WorkerFailure` that is not about a model, or `CancellationError`.
    nonisolated func namingConfidence() async throws -> Double {
        do {
            guard case .predicted(let models) = try await perform(.emotionModels(PredictWish())) else {
                return .infinity
            }
            return models.map(\.threshold).max() ?? .infinity
        } catch let failure as WorkerFailure where failure.code == .model {
            return .infinity
        }
    }
}
