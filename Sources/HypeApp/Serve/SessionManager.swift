import Foundation
import HypeCore
import HypeEvents
import HypeServer
import HypeStore
import HypeUploads
import HypeWorkerLink
import Logging
import ServiceLifecycle

/// Starts, finds and stops sessions.
actor SessionManager: Service {
    /// What a manager needs besides what its sessions need.
    struct Options: Sendable {
        /// Most recordings that may be watched at the same time, at least 1.
        var mostRunning: Int
        /// Most live streams that may be watched at the same time, at least 1.
        var mostLive: Int
        /// Where faces are looked at where a client does not say.
        var faces: LiveRequest.Faces
        /// How long a session waits for an encoder that went away.
        var patience: Duration
    }

    private let context: SessionRun.Context
    private let live: LiveRun.Context
    private let library: UploadLibrary
    private let ingest: IngestDesk
    private let chats: any LiveChats
    private let options: Options
    private let requests = AsyncStream<any RunningSession>.makeStream(bufferingPolicy: .bufferingOldest(64))
    private var runs: [String: any RunningSession] = [:]
    private var isClosing = false

    /// Creates a manager; sessions only run while ``run()`` does.
    init(
        live: LiveRun.Context,
        library: UploadLibrary,
        ingest: IngestDesk,
        chats: any LiveChats,
        options: Options
    ) {
        context = live.base
        self.live = live
        self.library = library
        self.ingest = ingest
        self.chats = chats
        self.options = options
    }

    /// Runs sessions until the program shuts down; then those that run finish what they are cutting.
    func run() async throws {
        await markLost()
        let stream = requests.stream
        await withDiscardingTaskGroup { group in
            group.addTask {
                // Cancelled where the program ends without being told to.
                try? await gracefulShutdown()
                await self.close()
            }
            for await run in stream {
                group.addTask {
                    await run.live()
                    await self.ended(await run.session)
                }
            }
        }
    }

    /// Stops all sessions and takes no more.
    func close() async {
        guard !isClosing else { return }
        isClosing = true
        for run in runs.values { await run.stop() }
        requests.continuation.finish()
    }

    /// Sessions that are not over.
    var running: [Session] {
        get async {
            var sessions: [Session] = []
            for run in runs.values { sessions.append(await run.session) }
            return sessions.sorted { $0.startedAt < $1.startedAt }
        }
    }

    /// What each kind of detector saw last, over all sessions that run; what could be seen goes before what could not.
    var lastSeen: [SignalKind: Observation] {
        get async {
            var seen: [SignalKind: Observation] = [:]
            for run in runs.values {
                seen.merge(await run.lastSeen) { $0.score != nil ? $0 : $1 }
            }
            return seen
        }
    }

    private func ended(_ session: Session) async {
        runs[session.id] = nil
        if session.source.kind == .rtmp { await ingest.close(session.id) }
    }

    /// Sessions that a dead server left behind cannot go on.
    private func markLost() async {
        do {
            for var session in try await context.store.unfinishedSessions() where runs[session.id] == nil {
                session.state = .failed
                session.reason = "the server ended while the session ran; start it again"
                session.progress = nil
                session.endedAt = Date()
                try await context.store.save(session)
                await context.events.publish(.session, session: session.id, session)
            }
        } catch {
            context.logger.warning("sessions of the last run not settled", metadata: ["error": "\(error)"])
        }
    }
}

extension SessionManager: SessionControl {
    func start(_ request: SessionRequest) async throws -> Session {
        let channel = try Self.channel(request.channel)
        guard let upload = request.upload else { return try await startLive(request, channel: channel) }
        try makeRoom(isLive: false)
        let video: Upload = try await library.recording(upload)
        let chat = try await request.chat.asyncMap { try await library.chatLog($0) }
        let camera: CameraChoice = try Self.camera(request.camera).map { .region($0) } ?? .search
        let session = Session(
            id: Self.newID(),
            channel: channel,
            source: Session.Source(kind: .recording, name: video.name, upload: upload),
            pace: request.pace ?? .fast,
            startedAt: Date()
        )
        let material = SessionRun.Material(video: video.path, chat: chat?.path, camera: camera)
        return try take(SessionRun(session: session, material: material, context: context), session)
    }

    private func startLive(_ request: SessionRequest, channel: String?) async throws -> Session {
        guard request.chat == nil, request.pace == nil else {
            throw RequestFailure(
                .invalid,
                "chat and pace belong to recordings; a live stream is read with its channel's chat."
            )
        }
        try makeRoom(isLive: true)
        let camera = try Self.camera(request.camera)
        let id = Self.newID()
        var line: IngestDesk.Line?
        let source: LiveSource
        let shown: Session.Source
        if let key = request.rtmp {
            let opened = try await ingest.open(id, key: key)
            line = opened
            source = .relay(socket: opened.socket)
            shown = Session.Source(kind: .rtmp, name: key)
        } else if let address = request.url {
            let checked = try StreamAddress(address, mayBePrivate: live.allowsPrivate)
            source = .url(checked.text)
            shown = Session.Source(kind: .url, name: checked.shown)
        } else {
            let capture = try CaptureRequest(request.capture ?? SessionRequest.Capture())
            source = .capture(capture)
            shown = Session.Source(kind: .capture, name: capture.summary)
        }
        let session = Session(id: id, channel: channel, source: shown, pace: .realtime, startedAt: Date())
        let material = LiveRun.Material(
            source: source,
            faces: request.faces.flatMap { LiveRequest.Faces(rawValue: $0.rawValue) } ?? options.faces,
            camera: camera,
            chat: channel.flatMap { chats.chat(of: $0) },
            ingest: line?.events,
            platform: channel.flatMap { chats.platform(of: $0) },
            patience: options.patience
        )
        do {
            return try take(LiveRun(session: session, material: material, context: live), session)
        } catch {
            if line != nil { await ingest.close(id) }
            throw error
        }
    }

    /// Refuses where too much is being watched already.
    private func makeRoom(isLive: Bool) throws {
        guard !isClosing else { throw RequestFailure(.unavailable, "The server is shutting down.") }
        let count = runs.values.filter { ($0 is LiveRun) == isLive }.count
        guard count >= (isLive ? options.mostLive : options.mostRunning) else { return }
        throw RequestFailure(
            .busy,
            "\(count) sessions run already. Stop one, wait for its end, or raise \(isLive ? "live.most" : "sessions.most")."
        )
    }

    private func take(_ run: any RunningSession, _ session: Session) throws -> Session {
        guard case .enqueued = requests.continuation.yield(run) else {
            throw RequestFailure(.busy, "Too many sessions are being started; try again in a second.")
        }
        runs[session.id] = run
        return session
    }

    func startMonitoring(channel: String?) async throws -> Session {
        var wanted = try Self.channel(channel)
        if wanted == nil { wanted = await chats.ownChannel() }
        guard let channel = wanted else {
            throw RequestFailure(
                .invalid,
                "Name the channel with ?channel=, or log in with `hypeclip login twitch` so that yours is known."
            )
        }
        if let id = await ingest.session(withKey: StreamKeyFile.firstName), let session = await running(id) {
            guard session.channel?.lowercased() == channel.lowercased() else {
                throw RequestFailure(
                    .conflict,
                    "Session \(id) watches \(session.channel ?? "a stream without a channel"); stop it first."
                )
            }
            return session
        }
        var request = SessionRequest(channel: channel)
        request.rtmp = StreamKeyFile.firstName
        return try await start(request)
    }

    func running(_ id: String) async -> Session? { await runs[id]?.session }

    func signals(_ id: String) async throws -> [SignalReport] {
        if let run = runs[id] { return await run.recent.all }
        _ = try await stored(id)
        return []
    }

    func stop(_ id: String) async throws -> Session {
        if let run = runs[id] {
            await run.stop()
            return await run.session
        }
        return try await stored(id)
    }

    func trigger(_ id: String, _ request: TriggerRequest) async throws -> String {
        if let run = runs[id] { return try await run.trigger(request) }
        let session = try await stored(id)
        throw RequestFailure(.conflict, "The session is \(session.state.rawValue); clips can be cut while it runs.")
    }

    /// A session that does not run.
    private func stored(_ id: String) async throws -> Session {
        guard let session = try await context.store.session(id) else {
            throw RequestFailure(.notFound, "There is no session \(id).")
        }
        return session
    }

    /// 60 random bits.
    private static func newID() -> String { RandomText.make(count: 12) }

    private static func camera(_ text: String?) throws -> PixelRegion? {
        guard let text, !text.isEmpty else { return nil }
        guard case .region(let region) = CameraChoice(text) else {
            throw RequestFailure(.invalid, "camera takes x,y,w,h in pixels, such as 20,500,300,200.")
        }
        return region
    }

    private static func channel(_ text: String?) throws -> String? {
        guard var name = text?.trimmingCharacters(in: .whitespacesAndNewlines), !name.isEmpty else { return nil }
        if name.hasPrefix("#") { name.removeFirst() }
        guard name.count <= 64, !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw RequestFailure(.invalid, "channel takes at most 64 characters without control characters.")
        }
        return name
    }
}

extension SessionManager: LiveStarting {
    func startStream(key: String, channel: String?) async throws -> String {
        var request = SessionRequest(channel: channel)
        request.rtmp = key
        return try await start(request).id
    }
}

extension CaptureRequest {
    /// The devices that a client wants.
    ///
    /// - Throws: ``RequestFailure`` where there are none, or a value is out of range.
    init(_ wish: SessionRequest.Capture) throws {
        let devices = [wish.screen, wish.microphone, wish.desktopSound, wish.camera].compactMap(\.self)
        guard !devices.isEmpty else {
            throw RequestFailure(.invalid, "capture names no device: screen, microphone, desktopSound or camera.")
        }
        guard devices.allSatisfy({ (1...128).contains($0.utf8.count) && !$0.utf8.contains { $0 < 0x20 } }) else {
            throw RequestFailure(
                .invalid,
                "Names of devices have 1 to 128 characters, none of them control characters."
            )
        }
        guard (1...60).contains(wish.frameRate ?? 30) else {
            throw RequestFailure(.invalid, "frameRate is in 1…60.")
        }
        self.init(
            screen: wish.screen,
            microphone: wish.microphone,
            desktopSound: wish.desktopSound,
            camera: wish.camera,
            frameRate: wish.frameRate ?? 30
        )
    }

    /// The devices in words.
    var summary: String {
        [
            screen.map { "screen \($0)" }, microphone.map { "microphone \($0)" }, desktopSound.map { "sound \($0)" },
            camera.map { "camera \($0)" },
        ]
        .compactMap(\.self).joined(separator: ", ")
    }
}

extension Optional where Wrapped: Sendable {
    /// The value changed by something that takes its time; nil stays nil.
    fileprivate func asyncMap<Value>(_ change: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await change(self)
    }
}
