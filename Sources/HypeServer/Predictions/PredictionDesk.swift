import Foundation
import HypeCore
import HypeEvents
import HypeUploads
import Logging

/// Reads emotions in the background and tells everybody how far it is.
///
/// ``PredictionTable`` keeps the jobs. Jobs and results live in memory: they are gone when the server ends.
actor PredictionDesk {
    private struct Work {
        var job: EmotionJob
        /// Uploads that are removed when the job is over.
        var owned: [String]
        var stop = StopSignal()
    }

    /// How often results whose time is over are looked for.
    private static let sweep = Duration.seconds(60)
    /// Alerts of a file that may wait to be told; the result has all of them.
    private static let alertLimit = 1024

    private let media: any MediaReader
    private let uploads: UploadStore
    private let events: EventLog
    private let settings: PredictionSettings
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var table: PredictionTable
    private var works: [String: Work] = [:]
    /// Says that the table may have something to start; more than one such word says no more than one.
    private let news = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(parts: ServerParts, settings: PredictionSettings, clock: any Clock<Duration>, logger: Logger) {
        media = parts.media
        uploads = parts.uploads
        events = parts.events
        self.settings = settings
        self.clock = clock
        self.logger = logger
        table = PredictionTable(settings: settings)
    }

    /// Takes a job.
    ///
    /// - Parameters:
    ///   - job: The files.
    ///   - owned: Uploads that are removed when it is over.
    /// - Returns: The job.
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/busy``; then the uploads are still there.
    func add(_ job: EmotionJob, owned: [String]) async throws -> PredictionDocument {
        let id = RequestID.make()
        let admission = table.add(id, name: job.name, of: job.client, at: Date())
        guard admission != .refused, let entry = table.job(id) else {
            throw RequestFailure(.busy, "Too many files wait to be read in the background.", retryAfter: 10)
        }
        works[id] = Work(job: job, owned: owned)
        await publish(entry)
        if case .displaced(let other) = admission { await close(other) }
        news.continuation.yield()
        return PredictionDocument(entry, lifetime: settings.lifetime)
    }

    /// A job; nil where there is none.
    func document(_ id: String) -> PredictionDocument? {
        table.tidy(at: Date())
        return table.job(id).map { PredictionDocument($0, lifetime: settings.lifetime) }
    }

    /// All jobs, the latest first.
    func documents() -> [PredictionDocument] {
        table.tidy(at: Date())
        return table.all.map { PredictionDocument($0, lifetime: settings.lifetime) }
    }

    /// Gives a job up; one that is over stays as it is.
    ///
    /// - Returns: The job; nil where there is none.
    func cancel(_ id: String) async -> PredictionDocument? {
        guard table.job(id) != nil else { return nil }
        let stop = works[id]?.stop
        if table.finish(id, .cancelled(nil), at: Date()) != nil {
            // Whoever reads the files stops; what waits is over right here.
            stop?.give()
            await close(id)
        }
        return document(id)
    }

    /// Reads what waits until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sweep(clock: self.clock) }
            for await _ in news.stream {
                while let id = table.next() {
                    group.addTask { await self.work(id) }
                }
            }
            group.cancelAll()
        }
        for job in table.all where !job.state.isOver { await end(job.id, .cancelled("The server ended.")) }
    }

    private func sweep(clock: some Clock<Duration>) async {
        while !Task.isCancelled {
            try? await clock.sleep(for: Self.sweep)
            table.tidy(at: Date())
        }
    }

    private func work(_ id: String) async {
        guard let work = works[id] else { return }
        do {
            let result = try await work.stop.ends { try await self.read(work.job, id) }
            await end(id, .done(result))
        } catch is StopSignal.Stopped {
            await end(id, .cancelled(nil))
        } catch is CancellationError {
            await end(id, .cancelled("The server ended."))
        } catch {
            let failure = ProblemMapping.map(error)
            if failure.problem.status >= 500 {
                logger.log(
                    level: failure.level,
                    "prediction failed",
                    metadata: ["prediction.id": "\(id)", "error": "\(error)"]
                )
            }
            await end(id, .failed(failure.problem))
        }
        news.continuation.yield()
    }

    /// Reads files, and again where the workers had no room for them.
    private func read(_ job: EmotionJob, _ id: String) async throws -> Data {
        // The newest report alone matters; of alerts the log must have all that a film of an hour brings.
        let (reports, continuation) = AsyncStream.makeStream(of: Double.self, bufferingPolicy: .bufferingNewest(1))
        let (alerts, told) = AsyncStream.makeStream(
            of: AttentionAlert.self,
            bufferingPolicy: .bufferingOldest(Self.alertLimit)
        )
        return try await withThrowingTaskGroup(of: Data?.self) { group in
            group.addTask {
                for await fraction in reports { await self.advance(id, to: fraction) }
                return nil
            }
            group.addTask { [events] in
                for await alert in alerts {
                    await events.publish(.attentionAlert, session: nil, AttentionNotice(prediction: id, alert: alert))
                }
                return nil
            }
            group.addTask { [media, clock] in
                defer {
                    continuation.finish()
                    told.finish()
                }
                while true {
                    do {
                        return try await media.emotion(of: job) { news in
                            switch news {
                            case .progress(let fraction): continuation.yield(fraction)
                            case .alert(let alert): told.yield(alert)
                            }
                        }
                    } catch let failure as RequestFailure where failure.code == .busy {
                        try await clock.sleep(for: .seconds(failure.retryAfter ?? 1))
                    }
                }
            }
            // What waits to be told is told before the job is over.
            var result: Data?
            while let ended = try await group.next() { result = ended ?? result }
            guard let result else { throw CancellationError() }
            return result
        }
    }

    private func advance(_ id: String, to fraction: Double) async {
        if let job = table.advance(id, to: fraction) { await publish(job) }
    }

    private func end(_ id: String, _ outcome: PredictionTable.Outcome) async {
        if table.finish(id, outcome, at: Date()) != nil { await close(id) }
    }

    /// Tells how a job ended and removes what belongs to it.
    private func close(_ id: String) async {
        let work = works.removeValue(forKey: id)
        if let job = table.job(id) { await publish(job) }
        for upload in work?.owned ?? [] {
            do {
                try await uploads.remove(upload)
            } catch {
                logger.warning("file of a prediction not removed", metadata: ["error": "\(error)"])
            }
        }
    }

    private func publish(_ job: PredictionTable.Job) async {
        await events.publish(.predictProgress, session: nil, PredictionProgress(job))
    }
}
