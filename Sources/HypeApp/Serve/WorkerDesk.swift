import Foundation
import HypeCore
import HypeServer
import HypeWorkerLink
import Logging
import ServiceLifecycle

/// Looks into uploaded files with a worker of its own, apart from those of the sessions.
struct WorkerDesk: MediaReader, Service {
    private let client: WorkerClient

    /// Creates a desk; nothing is started before ``run()``.
    init(settings: WorkerSettings, logger: Logger) {
        client = WorkerClient(settings: settings, logger: logger)
    }

    /// Keeps a worker alive until the program shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown { await client.run() }
    }

    /// Whether the worker answers, or why it does not.
    var health: HealthReport.Entry {
        get async {
            switch await client.condition {
            case .ready: HealthReport.Entry(.ok)
            case .starting: HealthReport.Entry(.degraded, "the worker is starting")
            case .refused(let failure): HealthReport.Entry(.missing, failure.message)
            }
        }
    }

    func probe(path: String) async throws -> MediaInfo {
        do {
            guard case .media(let info) = try await client.perform(.probe(path: path)) else {
                throw RequestFailure(.unavailable, "The media worker gave no answer; try again.")
            }
            return info
        } catch let failure as WorkerFailure {
            throw failure.asRequestFailure
        }
    }

    func emotion(of job: EmotionJob) async throws -> Data {
        guard let path = job.audio ?? job.video ?? job.image else {
            throw RequestFailure(.invalid, "Name an upload under audio or video, or send a file.")
        }
        guard job.audio == nil || job.video == nil else {
            throw RequestFailure(
                .unsupported,
                "This version judges one file at a time: name the audio or the video, not both."
            )
        }
        do {
            let judge = FileJudge(client: client, parallelism: 1, isCropped: false, wantsWindows: true)
            let verdict = try await judge.judge([path]) { _ in }
            guard let prediction = verdict.predictions.first else {
                throw RequestFailure(.unavailable, "The media worker gave no answer; try again.")
            }
            let name = URL(filePath: path).lastPathComponent
            let result = EmotionResult(prediction, file: name, models: verdict.models, threshold: nil)
            if result.error != nil {
                throw RequestFailure(.unreadable, "The file cannot be read as sound or picture.")
            }
            return try EmotionResult.json([result])
        } catch let failure as WorkerFailure {
            throw failure.asRequestFailure
        }
    }
}

extension WorkerFailure {
    /// The failure in words that a client may read.
    fileprivate var asRequestFailure: RequestFailure {
        switch code {
        case .unreadableInput, .crashed: RequestFailure(.unreadable, "The file cannot be read as media.")
        case .model: RequestFailure(.unavailable, "A model is missing; `hypeclip doctor` says which.")
        case .output, .cancelled, .version, .other: RequestFailure(.unavailable, "The media worker cannot answer now.")
        }
    }
}
