import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeMoments
import HypeServer
import HypeStore
import HypeWorkerLink
import Logging

/// One session from its first to its last event: prepares the recording, plays it, has clips cut, and keeps everybody told.
///
/// Has a worker process of its own, so that what a file does to it costs this session alone.
actor SessionRun: RunningSession {
    /// What a session needs besides its own description.
    struct Context: Sendable {
        /// Where documents are kept.
        var store: any ClipStore
        /// Where finished clips go.
        var library: ClipLibrary
        /// Whom to tell.
        var events: EventLog
        /// How workers are started.
        var worker: WorkerSettings
        /// Thresholds of the rule and lengths of the clips.
        var moments: MomentSettings
        /// How many stretches are watched at the same time.
        var parallelism: Int
        /// Folder for files that are being made; each session uses a folder of its own in it.
        var workFolder: String
        /// For what operators want to know.
        var logger: Logger
    }

    /// What is to be watched.
    struct Material: Sendable {
        /// Path of the recording.
        var video: String
        /// Path of the chat log, or nil.
        var chat: String?
        /// Where the camera is.
        var camera: CameraChoice
    }

    /// A stream that brings nothing and ends when the session is to be stopped.
    private typealias StopSignal = (stream: AsyncStream<Never>, continuation: AsyncStream<Never>.Continuation)

    /// Most clips by hand that may wait to be cut.
    private static let mostTriggers = 16

    private let context: Context
    private let material: Material
    private let client: WorkerClient
    private let hearing: StopSignal = AsyncStream.makeStream()
    private let playing: StopSignal = AsyncStream.makeStream()
    private let bell = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    private(set) var session: Session
    private(set) var lastSeen: [SignalKind: Observation] = [:]
    private(set) var recent = RecentSignals()
    private var recording: MediaInterval?
    private var waiting: [CutJob] = []
    private var clipNumber = 0
    private var isStopped = false

    /// Creates a run; nothing happens before ``live()``.
    init(session: Session, material: Material, context: Context) {
        self.session = session
        self.material = material
        self.context = context
        var logger = context.logger
        logger[metadataKey: "session"] = "\(session.id)"
        client = WorkerClient(settings: context.worker, logger: logger)
    }

    /// Runs the session to its end; returns when everything is cut and saved.
    func live() async {
        await update { _ in }
        do {
            let outcome = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.client.run() }
                defer { group.cancelAll() }
                return try await work()
            }
            await end(outcome)
        } catch let failure as WorkerFailure {
            await end(.failed, reason: failure.message)
        } catch let failure as AppFailure {
            await end(.failed, reason: failure.message)
        } catch is CancellationError {
            await end(.stopped, reason: "the server was shut down")
        } catch {
            context.logger.error("session failed", metadata: ["session": "\(session.id)", "error": "\(error)"])
            await end(.failed, reason: "an unexpected failure; the log of the server says more")
        }
        try? FileManager.default.removeItem(atPath: folderPath)
    }

    /// Ends the playback; what waits to be cut is cut first.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        hearing.continuation.finish()
        playing.continuation.finish()
    }

    /// Puts a clip around the present position into the queue.
    ///
    /// - Returns: Identifier of the clip.
    /// - Throws: ``RequestFailure`` where nothing can be cut now.
    func trigger(_ request: TriggerRequest) async throws -> String {
        guard session.state == .running, !isStopped, let recording else {
            throw RequestFailure(.conflict, "The session is \(session.state.rawValue); clips can be cut while it runs.")
        }
        guard waiting.count < Self.mostTriggers else {
            throw RequestFailure(.busy, "\(waiting.count) clips wait to be cut; try again in a second.")
        }
        let cut = ManualCut(request, at: session.position, within: recording, settings: context.moments)
        let job = nextJob(.manual(cut))
        await enqueue(job)
        return job.id
    }
}

// MARK: - The way of a recording

extension SessionRun {
    /// What is known before the playback.
    private struct Prepared: Sendable {
        var script: SessionScript
        var maker: ClipMaker
    }

    private func work() async throws -> Session.State {
        guard let prepared = try await unlessStopped(hearing, { try await self.prepare() }) else { return .stopped }
        // Beside the playback and not within it, so that stopping never hurts a clip that is being cut.
        async let cutting: Void = cutAll(with: prepared.maker, moments: prepared.script.moments)
        let result: Result<Void?, any Error>
        do {
            result = .success(try await unlessStopped(playing) { try await self.play(prepared.script) })
        } catch {
            result = .failure(error)
        }
        bell.continuation.finish()
        await cutting
        return try result.get() == nil ? .stopped : .finished
    }

    /// Does some work until ``stop()`` is called; nil where it was.
    private func unlessStopped<Value: Sendable>(
        _ signal: StopSignal,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        let stopped = signal.stream
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                for await _ in stopped {}
                // The stream also ends when this task is cancelled because the work is done.
                return nil
            }
            group.addTask { try await work() }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Hears all witnesses and writes the script of what they said.
    private func prepare() async throws -> Prepared {
        guard case .media(let media) = try await client.perform(.probe(path: material.video)) else {
            throw AppFailure(.failed, "the worker gave no answer about the recording")
        }
        let recording = MediaInterval(start: .zero, end: .zero + media.interval.duration)
        self.recording = recording
        let chat = try ChatWitness.read(material.chat, recording: recording)
        await update { $0.duration = recording.duration.inSeconds }
        let statement = try await hear(media: media, recording: recording, chat: chat.observations)
        var settings = context.moments
        settings.chatLag = statement.lag.lag
        let script = SessionScript(
            observations: chat.observations + statement.observations,
            speech: statement.speech,
            recording: recording,
            settings: settings
        )
        let maker = ClipMaker(
            client: client,
            video: material.video,
            folder: try OutputFolder(path: folderPath),
            naming: try await client.namingConfidence()
        )
        await update {
            $0.state = .running
            $0.progress = nil
            $0.warnings = chat.warnings + statement.warnings
        }
        return Prepared(script: script, maker: maker)
    }

    private func hear(
        media: MediaInfo,
        recording: MediaInterval,
        chat: [Observation]
    ) async throws -> Witnesses.Statement {
        let options = AnalysisOptions(
            video: material.video,
            chat: material.chat,
            camera: material.camera,
            output: folderPath,
            // A gauge for the face all the time; the decisions are the same as on demand.
            isFull: session.pace == .realtime,
            moments: context.moments,
            parallelism: context.parallelism
        )
        // Only the latest figure matters.
        let (fractions, report) = AsyncStream.makeStream(of: Double.self, bufferingPolicy: .bufferingNewest(1))
        let witnesses = Witnesses(
            client: client,
            options: options,
            media: media,
            recording: recording,
            tally: ProgressTally(duration: recording.duration) { report.yield($0.fraction) },
            clock: StopWatch()
        )
        async let telling: Void = tellProgress(fractions)
        defer { report.finish() }
        let statement = try await witnesses.hear(chat: chat)
        report.finish()
        await telling
        return statement
    }

    private func tellProgress(_ fractions: AsyncStream<Double>) async {
        var told = 0.0
        for await fraction in fractions where fraction - told >= 0.05 {
            told = fraction
            await update { $0.progress = fraction }
        }
    }

    private func play(_ script: SessionScript) async throws {
        let origin = ContinuousClock.now
        var saved = origin
        for entry in script.entries {
            if session.pace == .realtime {
                try await Task.sleep(until: origin + (entry.time - .zero), clock: .continuous)
            }
            try Task.checkCancellation()
            session.position = max(session.position, entry.time)
            try await perform(entry.step)
            // By the wall clock: a fast session passes thousands of seconds of its recording, and each write waits for the disk.
            if ContinuousClock.now - saved >= .seconds(1) {
                saved = .now
                await diary.save(session)
            }
        }
        if let recording { session.position = recording.end }
    }

    private func perform(_ step: SessionScript.Step) async throws {
        switch step {
        case .observation(let observation):
            lastSeen[observation.kind] = observation
            let report = SignalReport(observation, session: session.id)
            recent.add(report)
            await diary.tell(report)
        case .spike(let spike): await diary.tell(spike, of: session.id)
        case .moment(let moment): await diary.tell(moment, of: session.id)
        case .clip(let plan):
            await enqueue(nextJob(.planned(plan)))
        }
    }
}

// MARK: - Clips

extension SessionRun {
    /// A clip that is to be cut.
    struct CutJob: Sendable {
        enum Work: Sendable {
            case planned(ClipPlan)
            case manual(ManualCut)
        }

        /// Identifier of the clip.
        var id: String
        /// Name of its files without ending, while they are made.
        var name: String
        var work: Work
    }

    private func nextJob(_ work: CutJob.Work) -> CutJob {
        clipNumber += 1
        return CutJob(id: "\(session.id)-\(ClipMaker.digits(clipNumber))", name: ClipMaker.name(clipNumber), work: work)
    }

    private func enqueue(_ job: CutJob) async {
        waiting.append(job)
        bell.continuation.yield()
        await diary.tell(.queued, clip: job.id, of: session.id)
    }

    /// Cuts what is in the queue until the bell is taken down, and then what is left.
    private func cutAll(with maker: ClipMaker, moments: [Moment]) async {
        for await _ in bell.stream { await cutWaiting(maker, moments) }
        await cutWaiting(maker, moments)
    }

    private func cutWaiting(_ maker: ClipMaker, _ moments: [Moment]) async {
        while !waiting.isEmpty {
            let job = waiting.removeFirst()
            await diary.tell(.cutting, clip: job.id, of: session.id)
            do {
                try await cut(job, with: maker, moments: moments)
                session.clips += 1
                await update { _ in }
                await diary.tell(.saved, clip: job.id, of: session.id)
            } catch {
                await diary.tell(failure: error, clip: job.id, of: session.id)
            }
        }
    }

    private func cut(_ job: CutJob, with maker: ClipMaker, moments: [Moment]) async throws {
        var made: ClipMaker.Made
        switch job.work {
        case .planned(let plan):
            made = try await maker.make(plan, name: job.name, moments: moments)
        case .manual(let manual):
            made = try await maker.make(manual.plan, name: job.name, moments: [])
            made.clip.title = manual.title
            made.clip.trigger.manual = true
        }
        made.clip.id = job.id
        made.clip.sessionId = session.id
        made.clip.channel = session.channel
        guard made.clip.state == .saved else {
            throw AppFailure(.failed, made.warnings.first ?? "the clip could not be cut")
        }
        guard let video = made.clip.files.video else { throw AppFailure(.failed, "the clip has no file") }
        _ = try await context.library.adopt(
            made.clip,
            video: folderPath + "/" + video.path,
            thumbnail: made.clip.files.thumbnail.map { folderPath + "/" + $0.path }
        )
    }
}

// MARK: - Telling and keeping

extension SessionRun {
    private var diary: SessionDiary {
        SessionDiary(store: context.store, events: context.events, logger: context.logger)
    }
    private var folderPath: String { context.workFolder + "/" + session.id }

    private func end(_ state: Session.State, reason: String? = nil) async {
        await update {
            $0.state = state
            $0.reason = reason
            $0.progress = nil
            $0.endedAt = Date()
        }
    }

    private func update(_ change: (inout Session) -> Void) async {
        change(&session)
        await diary.tell(session)
    }
}
