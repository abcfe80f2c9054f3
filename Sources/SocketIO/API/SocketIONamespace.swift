internal import NIOCore
internal import Synchronization

/// A part of the server that clients join, with its own sockets, rooms and events.
public final class SocketIONamespace: Sendable {
    /// Decides whether a client may join: gets its handshake and the payload of its CONNECT.
    public typealias Admission = @Sendable (SocketIOHandshake, SocketIOValue) throws(SocketIORefusal) -> Void

    /// The name, beginning with a slash.
    public let name: String
    let count = SocketCore.Counter()
    private let core: SocketCore
    private let log: Mutex<RecoveryLog?>
    private let hooks = Mutex(Hooks())

    private struct Hooks {
        var admissions: [Admission] = []
        var connectionHandlers: [@Sendable (SocketIOSocket) -> Void] = []
    }

    init(name: String, core: SocketCore) {
        self.name = name
        self.core = core
        log = Mutex(core.configuration.recovery.map { RecoveryLog(settings: $0) })
    }

    /// How many sockets are in the namespace.
    public var socketCount: Int { count.current }

    /// Adds a check that every client must pass before it joins, recovered ones included.
    ///
    /// - Parameter check: Throws ``SocketIORefusal`` to turn the client away with `connect_error`. It runs on an event
    ///   loop and must not block.
    public func admit(_ check: @escaping Admission) {
        hooks.withLock { $0.admissions.append(check) }
    }

    /// Adds a handler that gets every socket that joins, before any event of it.
    ///
    /// - Parameter handler: Registers the socket's events. It runs on an event loop and must not block.
    public func onConnection(_ handler: @escaping @Sendable (SocketIOSocket) -> Void) {
        hooks.withLock { $0.connectionHandlers.append(handler) }
    }

    /// Everyone in the namespace.
    public var everyone: SocketIOBroadcast { SocketIOBroadcast(namespace: self) }

    /// Those in a room.
    ///
    /// - Parameter room: The room's name, or the id of a socket.
    /// - Returns: The selection.
    public func to(_ room: String) -> SocketIOBroadcast { everyone.to(room) }

    /// Those who are not in a room.
    ///
    /// - Parameter room: The room's name, or the id of a socket.
    /// - Returns: The selection.
    public func except(_ room: String) -> SocketIOBroadcast { everyone.except(room) }

    /// Everyone, but skipping those who cannot take it at once.
    public var volatile: SocketIOBroadcast { everyone.volatile }

    /// Sends an event to everyone.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - values: Its arguments.
    public func emit(_ event: String, _ values: SocketIOValue...) {
        everyone.emit(event, values: values)
    }

    /// Sends an event with one argument of any encodable type to everyone.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - value: Its argument.
    /// - Throws: `EncodingError`.
    public func emit(_ event: String, encoding value: some Encodable) throws {
        try everyone.emit(event, encoding: value)
    }

    // MARK: For the event loops

    func check(_ handshake: SocketIOHandshake, _ auth: SocketIOValue) throws(SocketIORefusal) {
        for admission in hooks.withLock({ $0.admissions }) { try admission(handshake, auth) }
    }

    func connected(_ socket: SocketIOSocket) {
        for handler in hooks.withLock({ $0.connectionHandlers }) { handler(socket) }
    }

    /// Encodes an event once, keeps it for those who are away, and sends it.
    ///
    /// With recovery, sending happens under the log's lock: the order in the log is the order on the wire.
    func send(
        _ event: String,
        _ values: [SocketIOValue],
        to selection: RoomSelection,
        isVolatile: Bool,
        submit: (WireMessage, _ position: UInt64) -> Void
    ) {
        func encode(_ values: [SocketIOValue]) -> WireMessage {
            SocketPacketEncoder.encode(SocketPacket(.event(event, values), namespace: name))
        }
        guard isRecoverable, !isVolatile else {
            submit(encode(values), 0)
            return
        }
        log.withLock { log in
            let kept = log?.append(selection: selection, now: .now()) { encode(values + [.string($0)]) }
            if let kept { submit(kept.message, kept.position) }
        }
    }

    func broadcast(_ event: String, _ values: [SocketIOValue], to selection: RoomSelection, isVolatile: Bool) {
        send(event, values, to: selection, isVolatile: isVolatile) { message, position in
            submitToAll(.broadcast(namespace: name, selection, message, isVolatile: isVolatile, position: position))
        }
    }

    func submitToAll(_ command: SocketCommand) {
        core.submitToAll(command)
    }

    var isRecoverable: Bool { core.configuration.recovery != nil }

    func restore(_ auth: SocketIOValue) -> RecoveryLog.Restored? {
        guard isRecoverable, let secret = auth["pid"]?.string, let offset = auth["offset"]?.string else { return nil }
        return log.withLock { $0?.restore(secret: secret, offset: offset, now: .now()) }
    }

    func lost(_ socket: SocketIOSocket, rooms: Set<String>, secret: String) {
        let session = RecoveryLog.Session(socketID: socket.id, rooms: rooms, data: socket.data)
        log.withLock { $0?.lost(session, secret: secret, now: .now()) }
    }
}
