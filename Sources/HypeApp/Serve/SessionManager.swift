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
        /// Most sessions that may run at the same time, at least 1.
        var mostRunning: Int
    }

    private let context: SessionRun.Context
    private let library: UploadLibrary
    private let options: Options
    private let requests = AsyncStream<SessionRun>.makeStream(bufferingPolicy: .bufferingOldest(64))
    private var runs: [String: SessionRun] = [:]
    private var isClosing = false

    /// Creates a manager; sessions only run while ``run()`` does.
    init(context: SessionRun.Context, library: UploadLibrary, options: Options) {
        self.context = context
        self.library = library
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
                    await self.ended(run)
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

    private func ended(_ run: SessionRun) async {
        runs[await run.session.id] = nil
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
        guard !isClosing else { throw RequestFailure(.unavailable, "The server is shutting down.") }
        guard runs.count < options.mostRunning else {
            throw RequestFailure(
                .busy,
                "\(runs.count) sessions run already. Stop one, wait for its end, or raise sessions.most."
            )
        }
        let video: Upload = try await library.recording(request.upload)
        let chat = try await request.chat.asyncMap { try await library.chatLog($0) }
        let camera = try Self.camera(request.camera)
        let session = Session(
            id: Self.newID(),
            channel: try Self.channel(request.channel),
            source: Session.Source(kind: .recording, name: video.name, upload: request.upload),
            pace: request.pace ?? .fast,
            startedAt: Date()
        )
        let material = SessionRun.Material(video: video.path, chat: chat?.path, camera: camera)
        let run = SessionRun(session: session, material: material, context: context)
        guard case .enqueued = requests.continuation.yield(run) else {
            throw RequestFailure(.busy, "Too many sessions are being started; try again in a second.")
        }
        runs[session.id] = run
        return session
    }

    func startMonitoring(channel: String?) async throws -> Session {
        throw RequestFailure(
            .unsupported,
            "This version watches recordings; it cannot follow the chat of a running stream yet. Upload the recording and "
                + "its chat log, then POST /api/sessions."
        )
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

    /// 60 random bits in lower-case letters and digits.
    private static func newID() -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var random = SystemRandomNumberGenerator()
        return String((0..<12).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }

    private static func camera(_ text: String?) throws -> CameraChoice {
        guard let text, !text.isEmpty else { return .search }
        guard case .region(let region) = CameraChoice(text) else {
            throw RequestFailure(.invalid, "camera takes x,y,w,h in pixels, such as 20,500,300,200.")
        }
        return .region(region)
    }

    private static func channel(_ text: String?) throws -> String? {
        guard let name = text?.trimmingCharacters(in: .whitespacesAndNewlines), !name.isEmpty else { return nil }
        guard name.count <= 64, !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw RequestFailure(.invalid, "channel takes at most 64 characters without control characters.")
        }
        return name
    }
}

extension Optional where Wrapped: Sendable {
    /// The value changed by something that takes its time; nil stays nil.
    fileprivate func asyncMap<Value>(_ change: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await change(self)
    }
}
