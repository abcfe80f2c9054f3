import HypeCore
import HypeEvents
import Logging
import SocketIO

/// Tells Socket.IO clients what happens.
///
/// Every client hears of everything until it subscribes to sessions: `subscribe` with `{"sessionId"}` (or without, for
/// everything again), answered with `{"ok", "sessionId"}`. What belongs to no session reaches everyone.
struct SocketFeed: Sendable {
    /// The room of those who want to hear of all sessions.
    private static let everything = "all"
    /// The most sessions that one client may listen to.
    private static let mostRooms = 64

    /// How long the log is left alone after it failed.
    private static let pause = Duration.milliseconds(500)

    /// Speaks the protocol.
    let io: SocketIOServer

    private let log: EventLog
    private let logger: Logger

    /// Prepares the feed.
    ///
    /// - Parameters:
    ///   - settings: Which other pages may connect.
    ///   - door: Who may connect.
    ///   - log: What happens.
    ///   - logger: Hears of payloads that are no JSON.
    init(settings: ServerSettings, door: SocketDoor, log: EventLog, logger: Logger) {
        var configuration = SocketIOConfiguration()
        configuration.origins = SocketIOOrigins(allowed: Set(settings.allowedOrigins))
        configuration.maximumPayload = 1 << 16
        configuration.recovery = SocketIORecovery()
        configuration.admit = { handshake throws(SocketIORefusal) in try door.checkHost(handshake) }
        io = SocketIOServer(configuration: configuration)
        self.log = log
        self.logger = logger
        let namespace = io.namespace("/")
        namespace.admit { handshake, auth throws(SocketIORefusal) in try door.checkCredential(handshake, auth) }
        namespace.onConnection(Self.greet)
    }

    /// Passes on what happens until the log is closed or the task is cancelled.
    func run() async {
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

    @Sendable
    private static func greet(_ socket: SocketIOSocket) {
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
    }

    /// The session that a client names: as text, or as `sessionId` of an object.
    private static func wanted(_ arguments: [SocketIOValue]) -> String? {
        arguments.first.flatMap { $0.string ?? $0["sessionId"]?.string }
    }
}
