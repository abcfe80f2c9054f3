import Foundation
import HypeChat
import HypeCore
import HypeEvents
import HypeIngest
import HypeLibrary
import HypeMoments
import HypeServer
import HypeStore
import HypeWorkerLink
import Logging

/// One live session from its first to its last event: has the stream watched, decides, has clips cut, and keeps everybody told.
///
/// Has a worker process of its own. All decisions are ``LiveCore``'s; the run brings it everything that happens in one
/// order, and does what it answers.
actor LiveRun: RunningSession {
    /// What a live session needs besides its own description.
    struct Context: Sendable {
        /// What every session needs.
        var base: SessionRun.Context
        /// Folder of the spools; each session uses a folder of its own in it.
        var spoolFolder: String
        /// Bytes that one session's spool may have.
        var spoolBytes: Int64
        /// Media time that is kept in memory.
        var ringSpan: Duration
        /// Whether addresses of streams may lead into private networks.
        var allowsPrivate: Bool
        /// What was learned of channels.
        var memory: ChannelMemory
    }

    /// What is to be watched.
    struct Material: Sendable {
        /// Where packets come from.
        var source: LiveSource
        /// Where faces are looked at.
        var faces: LiveRequest.Faces
        /// Where the camera is; nil to search.
        var camera: PixelRegion?
        /// The chat; nil for none.
        var chat: (any LiveChatSource)?
        /// What happens to the encoder's stream; nil where it does not come from one.
        var ingest: AsyncStream<IngestEvent>?
        /// Has the platform make a clip too; nil where that is not wanted.
        var platform: (any PlatformClips)?
        /// How long to wait for an encoder that went away before the session ends.
        var patience: Duration
    }

    private enum Input: Sendable {
        case worker(WorkerUpdate)
        case chat(LiveChatUpdate)
        case ingest(IngestEvent)
        case tick
        case end(EndReason)
    }

    private enum EndReason: Sendable {
        case stopped, finished
        case failed(WorkerFailure)
    }

    private enum Job: Sendable {
        case cut(clip: Int)
        case withdraw(clip: Int)
        case platform(clip: Int)
        case watch(MediaInterval)
    }

    /// Time between two ticks; the pace of gauges and deadlines.
    private static let tickLength: Duration = .milliseconds(250)
    /// Inputs that may wait while the session is busy; beyond it the oldest are lost, which only gauges and late lines are.
    private static let mostWaiting = 16_384
    /// Most clips by hand that may wait to be cut.
    private static let mostTriggers = 16
    /// Warnings that are kept; the oldest go first.
    private static let mostWarnings = 20
    /// A worker of a live stream that says nothing for so long is killed and started again.
    private static let silenceLimit: Duration = .seconds(15)
    /// Wall time between two looks at what is worth remembering.
    private static let savePause: Duration = .seconds(5)

    private let context: Context
    private let material: Material
    private let client: WorkerClient
    private let diary: SessionDiary
    private let clips: LiveClips
    private let inputs = AsyncStream<Input>.makeStream(bufferingPolicy: .bufferingNewest(mostWaiting))
    /// Nothing of it may be lost; it holds clips, and at most one cell of faces for each of the grid's four seconds.
    private let jobs = AsyncStream<Job>.makeStream(bufferingPolicy: .unbounded)
    /// Where files are made.
    private let folderPath: String
    private let spoolPath: String
    private let origin: Int64
    private let settings: MomentSettings

    private(set) var session: Session
    private(set) var lastSeen: [SignalKind: Observation] = [:]
    private(set) var recent = RecentSignals()
    private var core: LiveCore
    private var isStopped = false
    private var lastSave = ContinuousClock.now
    /// Since when the encoder is gone; nil while it is there or was never.
    private var goneSince: ContinuousClock.Instant?

    /// Creates a run; nothing happens before ``live()``.
    init(session: Session, material: Material, context: Context) {
        var logger = context.base.logger
        logger[metadataKey: "session"] = "\(session.id)"
        self.material = material
        self.context = context
        client = WorkerClient(settings: Self.watched(context.base.worker), logger: logger)
        diary = SessionDiary(store: context.base.store, events: context.base.events, logger: logger)
        folderPath = context.base.workFolder + "/" + session.id
        spoolPath = context.spoolFolder + "/" + session.id
        clips = LiveClips(
            LiveClips.Context(
                session: session.id,
                channel: session.channel,
                client: client,
                library: context.base.library,
                diary: diary,
                folder: folderPath,
                platform: material.platform
            )
        )
        origin = MonotonicTime.now
        var settings = context.base.moments
        let known = session.channel.flatMap { context.memory.recall($0) }
        if let lag = known?.lag { settings.chatLag = ChatLag(lag: .seconds(lag)).lag }
        self.settings = settings
        let reason = material.chat == nil ? "no chat channel was named" : "connecting to the chat"
        var options = LiveCore.Options(moments: settings, origin: origin, chatReason: reason)
        options.chat.baselinePrior = known?.prior
        core = LiveCore(options)
        self.session = session
        self.session.progress = nil
        self.session.parts = core.health
        self.session.chatLag = Session.ChatLag(
            seconds: settings.chatLag.inSeconds,
            confidence: known?.lag == nil ? 0 : LagEstimator.confidence
        )
    }

    /// Runs the session to its end; returns when everything is cut and saved.
    func live() async {
        await update { _ in }
        let end: EndReason = await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.client.run() }
            group.addTask { await self.tick() }
            group.addTask { await self.watchStream() }
            group.addTask { await self.clips.learnNaming() }
            if let chat = material.chat {
                group.addTask { await chat.run { [inputs = self.inputs.continuation] in inputs.yield(.chat($0)) } }
            }
            if let events = material.ingest {
                group.addTask { [inputs = self.inputs.continuation] in
                    for await event in events { inputs.yield(.ingest(event)) }
                }
            }
            // The jobs outlive the loop, so that what is being cut when the session ends is finished.
            async let working: Void = work()
            let end = await loop()
            // What comes later does not belong to this session any more.
            await clips.end()
            await follow(core.finish(at: MonotonicTime.now))
            jobs.continuation.finish()
            await working
            group.cancelAll()
            return end
        }
        remember()
        try? FileManager.default.removeItem(atPath: folderPath)
        try? FileManager.default.removeItem(atPath: spoolPath)
        await close(end)
    }

    /// Ends the session; what waits to be cut is cut first.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        inputs.continuation.yield(.end(.stopped))
    }

    /// Puts a clip around the present position into the queue.
    ///
    /// - Returns: Identifier of the clip.
    /// - Throws: ``RequestFailure`` where nothing can be cut now.
    func trigger(_ request: TriggerRequest) async throws -> String {
        guard session.state == .running, !isStopped else {
            throw RequestFailure(
                .conflict,
                session.state == .starting
                    ? "The stream has not arrived yet; clips can be cut once it has."
                    : "The session is \(session.state.rawValue); clips can be cut while it runs."
            )
        }
        guard await clips.waitingByHand < Self.mostTriggers else {
            throw RequestFailure(.busy, "\(Self.mostTriggers) clips wait to be cut; try again in a second.")
        }
        let position = core.position(at: MonotonicTime.now)
        let stream = MediaInterval(start: .zero, end: position + .seconds(TriggerRequest.afterRange.upperBound))
        let cut = ManualCut(request, at: position, within: stream, settings: settings)
        let number = core.takeClipNumber()
        // A clip that ends now is cut from what has arrived: nothing that the person saw comes later.
        let waits = cut.plan.interval.end > position
        await want(LiveClips.Wish(plan: cut.plan, moments: [], waits: waits, title: cut.title), for: number)
        return clips.id(of: number)
    }
}

// MARK: - What comes in

extension LiveRun {
    private func tick() async {
        while !Task.isCancelled {
            inputs.continuation.yield(.tick)
            try? await Task.sleep(for: Self.tickLength)
        }
    }

    private func watchStream() async {
        let request = LiveRequest(
            source: material.source,
            origin: origin,
            spool: spoolPath,
            spoolBytes: context.spoolBytes,
            ringSpan: context.ringSpan,
            faces: material.faces,
            camera: material.camera,
            allowsPrivateHosts: context.allowsPrivate
        )
        let sink = inputs.continuation
        do {
            try FileManager.default.createDirectory(atPath: spoolPath, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folderPath, withIntermediateDirectories: true)
            _ = try await client.perform(.live(request)) { sink.yield(.worker($0)) }
            sink.yield(.end(.finished))
        } catch let failure as WorkerFailure {
            sink.yield(.end(.failed(failure)))
        } catch is CancellationError {
            sink.yield(.end(.stopped))
        } catch {
            let message = "the folder \(folderPath) cannot be made"
            sink.yield(.end(.failed(WorkerFailure(code: .output, message: message))))
        }
    }

    private func loop() async -> EndReason {
        for await input in inputs.stream {
            let now = MonotonicTime.now
            switch input {
            case .tick:
                session.position = core.position(at: now)
                await follow(core.tick(at: now))
                await saveNowAndThen()
                if let goneSince, ContinuousClock.now - goneSince >= material.patience { return .finished }
            case .worker(.restarted): await follow(core.workerDied())
            case .worker(.event(let event)): await take(event, at: now)
            case .chat(.lines(let lines)): core.take(lines, wall: MonotonicTime.wall, monotonic: now)
            case .chat(.state(let part)): await follow(core.chat(is: part))
            case .ingest(let event): await take(event, at: now)
            case .end(let reason): return reason
            }
        }
        return .stopped
    }

    private func take(_ event: WorkerEvent, at now: Int64) async {
        switch event {
        case .observations(let observations): await follow(core.take(observations))
        case .speech(let stretches): core.heard(stretches)
        case .live(let report):
            if case .opened = report, session.state == .starting { await update { $0.state = .running } }
            await follow(core.take(report, at: now))
        case .attention(let alert):
            await context.base.events.publish(.attentionAlert, session: session.id, alert)
        case .warning(let text): await warn(text)
        case .progress, .prediction, .finished, .failed: break
        }
    }

    private func take(_ event: IngestEvent, at now: Int64) async {
        switch event {
        case .connected:
            goneSince = nil
        case .gone(let departure):
            goneSince = .now
            let words = departure == .finished ? "the encoder ended the stream" : "the encoder is gone"
            await follow(core.source(isGone: "\(words); waiting for it to come back", at: now))
        case .stalled:
            await follow(core.source(isGone: "the encoder is connected and sends nothing", at: now))
        case .dropped(let packets):
            await warn("\(packets) packets were lost because the media worker was too far behind.")
        case .warning(let warning): await warn(warning.description)
        case .resumed, .described, .tracks, .measured, .clock, .readerAttached, .readerDetached: break
        }
    }

    private func warn(_ text: String) async {
        guard !session.warnings.contains(text) else { return }
        await update { $0.warnings = Array(($0.warnings + [text]).suffix(Self.mostWarnings)) }
    }

    private func saveNowAndThen() async {
        guard ContinuousClock.now - lastSave >= Self.savePause else { return }
        lastSave = .now
        if core.drift != nil, session.drift == nil {
            await update { $0.drift = core.drift }
        } else {
            session.drift = core.drift
            await diary.save(session)
        }
        remember()
    }

    private func remember() {
        guard let channel = session.channel else { return }
        let lag = session.chatLag.flatMap {
            $0.confidence >= LagEstimator.confidence ? Duration.seconds($0.seconds) : nil
        }
        guard lag != nil || core.chatPrior != nil else { return }
        let entry = ChannelMemory.Entry(lag: lag, prior: core.chatPrior, updatedAt: Date())
        context.memory.remember(entry, of: channel)
    }
}

// MARK: - What follows

extension LiveRun {
    private func follow(_ effects: [LiveCore.Effect]) async {
        for effect in effects {
            switch effect {
            case .observation(let observation):
                lastSeen[observation.kind] = observation
                let report = SignalReport(observation, session: session.id)
                recent.add(report)
                await diary.tell(report)
            case .level(let level):
                await context.base.events.publish(.level, session: session.id, LevelReport(level, session: session.id))
            case .parts(let parts): await update { $0.parts = parts }
            case .order(let order): await carryOut(order)
            }
        }
    }

    private func carryOut(_ order: LiveDirector.Order) async {
        switch order {
        case .watch(let cell):
            if material.faces == .onDemand { jobs.continuation.yield(.watch(cell)) }
        case .spike(let spike): await diary.tell(spike, of: session.id)
        case .moment(let moment): await diary.tell(moment, of: session.id)
        case .lag(let lag):
            await update { $0.chatLag = Session.ChatLag(seconds: lag.lag.inSeconds, confidence: lag.confidence) }
        case .cut(let cut):
            await want(LiveClips.Wish(plan: cut.plan, moments: cut.moments, waits: cut.isWhole), for: cut.clip)
        case .withdraw(let clip, _): jobs.continuation.yield(.withdraw(clip: clip))
        }
    }

    private func want(_ wish: LiveClips.Wish, for clip: Int) async {
        let isNew = await clips.want(wish, for: clip)
        jobs.continuation.yield(.cut(clip: clip))
        // At once: a platform keeps no more than the last minute and a half.
        if isNew, material.platform != nil { jobs.continuation.yield(.platform(clip: clip)) }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs.stream {
                group.addTask { await self.perform(job) }
            }
        }
    }

    private func perform(_ job: Job) async {
        switch job {
        case .cut(let clip):
            if await clips.cut(clip) { await countClips() }
        case .withdraw(let clip):
            await clips.withdraw(clip)
            await countClips()
        case .platform(let clip): await clips.askPlatform(for: clip)
        case .watch(let cell): await watch(cell)
        }
    }

    private func countClips() async {
        let count = await clips.saved
        if count != session.clips { await update { $0.clips = count } }
    }

    private func watch(_ cell: MediaInterval) async {
        let sink = inputs.continuation
        let request = LiveWatchRequest(interval: cell, segment: settings.faceSegment)
        do {
            _ = try await client.perform(.watchLive(request)) { update in
                if case .event(.observations) = update { sink.yield(.worker(update)) }
            }
        } catch let failure as WorkerFailure where failure.code != .cancelled {
            diary.logger.warning("faces were not looked at", metadata: ["reason": "\(failure.message)"])
        } catch {}
    }
}

// MARK: - Telling

extension LiveRun {
    /// A stream does not wait: a worker is missed sooner and started again sooner than one that reads a recording.
    private static func watched(_ settings: WorkerSettings) -> WorkerSettings {
        var settings = settings
        settings.silenceLimit = silenceLimit
        settings.backoff = Backoff(first: .milliseconds(50), longest: .seconds(5), reset: .seconds(20))
        return settings
    }

    private func update(_ change: (inout Session) -> Void) async {
        change(&session)
        await diary.tell(session)
    }

    private func close(_ end: EndReason) async {
        await update {
            $0.endedAt = Date()
            $0.drift = core.drift
            switch end {
            case .stopped: $0.state = .stopped
            case .finished: $0.state = .finished
            case .failed(let failure):
                $0.state = .failed
                $0.reason = failure.message
            }
        }
    }
}
