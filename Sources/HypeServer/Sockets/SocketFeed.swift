import HypeCore
import HypeEvents
import Logging
import SocketIO

/// Tells Socket.IO clients what happens.
///
/// Every client hears of everything until it subscribes to sessions: `subscribe` with `{"sessionId"}` (or without, for
/// everything again), answered with `{"ok", "sessionId"}`. What belongs to no session reaches everyone. `trigger` with
/// `{"sessionId", "before"?, "after"?, "title"?}` asks for a clip and is answered with `{"ok", "clipId"}`.
struct SocketFeed: Sendable {
    /// The room of those who want to hear of all sessions.
    private static let everything = "all"
    /// The most sessions that one client may listen to.
    private static let mostRooms = 64

    /// A client that wants a clip.
    private struct Wish: Sendable {
        var session: String
        var request: TriggerRequest
        var answer: @Sendable (SocketIOValue) -> Void
    }

    /// Wishes for clips that may wait; beyond it they are refused.
    private static let mostWishes = 64

    /// How long the log is left alone after it failed.
    private static let pause = Duration.milliseconds(500)

    /// Speaks the protocol.
    let io: SocketIOServer

    private let log: EventLog
    private let sessions: any SessionControl
    private let logger: Logger
    private let wishes = AsyncStream<Wish>.makeStream(bufferingPolicy: .bufferingOldest(mostWishes))

    /// Prepares the feed.
    ///
    /// - Parameters:
    ///   - settings: Which other pages may connect.
    ///   - door: Who may connect.
    ///   - log: What happens.
    ///   - sessions: Cuts clips that clients ask for.
    ///   - logger: Hears of payloads that are no JSON.
    init(settings: ServerSettings, door: SocketDoor, log: EventLog, sessions: any SessionControl, logger: Logger) {
        var configuration = SocketIOConfiguration()
        configuration.origins = SocketIOOrigins(allowed: Set(settings.allowedOrigins))
        configuration.maximumPayload = 1 << 16
        configuration.recovery = SocketIORecovery()
        configuration.admit = { handshake throws(SocketIORefusal) in try door.checkHost(handshake) }
        io = SocketIOServer(configuration: configuration)
        self.log = log
        self.sessions = sessions
        self.logger = logger
        let namespace = io.namespace("/")
        namespace.admit { handshake, auth throws(SocketIORefusal) in try door.checkCredential(handshake, auth) }
        namespace.onConnection { [wishes = wishes.continuation] in Self.greet($0, wishes) }
    }

    /// Passes on what happens, and fulfils wishes, until the log is closed or the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await wish in wishes.stream { await fulfil(wish) }
            }
            await passOn()
            group.cancelAll()
        }
    }

    private func fulfil(_ wish: Wish) async {
        do {
            let clip = try await sessions.trigger(wish.session, wish.request)
            wish.answer(["ok": true, "clipId": .string(clip)])
        } catch {
            let reason = (error as? RequestFailure)?.message ?? "no clip can be cut now"
            wish.answer(["ok": false, "error": .string(reason)])
        }
    }

    private func passOn() async {
        var last: Int64?
        while !Task.isCancelled {
            do {
                for try await record in await log.subscribe(after: last) {
                    if record.id > 0 { last = record.id }
                    tell(record)
                }
                return
            } catch {
                // The log ended a subscription that lagged, or the store is out: go on after what was told last.
                logger.warning("sockets lag behind the event log", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.pause)  // Cancelled, the loop ends.
            }
        }
    }

    private func tell(_ record: EventRecord) {
        let payload: SocketIOValue
        do throws(SocketIOJSONError) {
            payload = try SocketIOValue(json: String(decoding: record.payload, as: UTF8.self))
        } catch {
            return logger.error("an event is no JSON", metadata: ["event": "\(record.id)", "error": "\(error)"])
        }
        let namespace = io.namespace("/")
        var audience = namespace.everyone
        if let session = record.sessionId { audience = audience.to(Self.everything).to(Self.room(session)) }
        (record.kind.isKept ? audience : audience.volatile).emit(record.kind.rawValue, values: [payload])
    }

    private static func room(_ session: String) -> String { "session:\(session)" }

    private static func greet(_ socket: SocketIOSocket, _ wishes: AsyncStream<Wish>.Continuation) {
        if !socket.isRecovered { socket.join(everything) }
        socket.on("subscribe") { arguments, ack in
            guard let session = wanted(arguments) else {
                for room in socket.rooms where room.hasPrefix("session:") { socket.leave(room) }
                socket.join(everything)
                return ack(["ok": true, "sessionId": nil])
            }
            guard (1...200).contains(session.utf8.count), socket.rooms.count < mostRooms else {
                return ack(["ok": false, "error": "too many sessions, or no identifier of one"])
            }
            socket.leave(everything)
            socket.join(room(session))
            ack(["ok": true, "sessionId": .string(session)])
        }
        socket.on("unsubscribe") { arguments, ack in
            if let session = wanted(arguments) { socket.leave(room(session)) }
            if !socket.rooms.contains(where: { $0.hasPrefix("session:") }) { socket.join(everything) }
            ack(["ok": true])
        }
        socket.on("trigger") { arguments, ack in
            guard let session = wanted(arguments) else {
                return ack(["ok": false, "error": "name the session with sessionId"])
            }
            let wish = arguments.first
            let request = TriggerRequest(
                before: wish?["before"]?.double,
                after: wish?["after"]?.double,
                title: wish?["title"]?.string.map { String($0.prefix(TriggerRequest.longestTitle)) }
            )
            guard case .enqueued = wishes.yield(Wish(session: session, request: request, answer: { ack($0) })) else {
                return ack(["ok": false, "error": "too many clips are asked for; try again in a second"])
            }
        }
    }

    /// The session that a client names: as text, or as `sessionId` of an object.
    private static func wanted(_ arguments: [SocketIOValue]) -> String? {
        arguments.first.flatMap { $0.string ?? $0["sessionId"]?.string }
    }
}
