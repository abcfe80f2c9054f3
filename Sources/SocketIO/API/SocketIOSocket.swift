internal import Synchronization

/// One client in one namespace.
///
/// All methods may be called from any thread. What is sent to a socket from one thread leaves in that order. Handlers run
/// on the event loop of the client's connection and must not block it; hand longer work to a task of your own.
public final class SocketIOSocket: Sendable {
    /// Gets the arguments of an event, and a way to answer it.
    public typealias EventHandler = @Sendable (_ arguments: [SocketIOValue], _ ack: SocketIOAck) -> Void

    /// The socket's id; the same after a recovery.
    ///
    /// Also the name of a room in which only this socket is.
    public let id: String
    /// The namespace.
    public let namespace: SocketIONamespace
    /// What the client said when it connected.
    public let handshake: SocketIOHandshake
    /// The payload of the client's CONNECT: `{}` when there was none.
    public let auth: SocketIOValue
    /// Whether the socket was away, is in its rooms again and got what it missed.
    public let isRecovered: Bool
    let key: UInt64
    private let port: SocketLoopPort
    private let state: Mutex<State>

    private struct State {
        var isConnected = true
        var handlers: [String: [EventHandler]] = [:]
        var catchAll: [@Sendable (String, [SocketIOValue], SocketIOAck) -> Void] = []
        var disconnectHandlers: [@Sendable (SocketIODisconnectReason) -> Void] = []
        var rooms: Set<String>
        var data: [String: SocketIOValue]
        var lastAckID = -1
    }

    init(
        id: String,
        key: UInt64,
        namespace: SocketIONamespace,
        port: SocketLoopPort,
        handshake: SocketIOHandshake,
        auth: SocketIOValue,
        restored: RecoveryLog.Session?
    ) {
        self.id = id
        self.key = key
        self.namespace = namespace
        self.port = port
        self.handshake = handshake
        self.auth = auth
        isRecovered = restored != nil
        state = Mutex(State(rooms: restored?.rooms ?? [id], data: restored?.data ?? [:]))
    }

    /// Whether the client is still in the namespace.
    public var isConnected: Bool { state.withLock { $0.isConnected } }

    /// The rooms it is in, its own among them.
    public var rooms: Set<String> { state.withLock { $0.rooms } }

    /// Values of the application's that live as long as the socket, recoveries included.
    public var data: [String: SocketIOValue] {
        get { state.withLock { $0.data } }
        set { state.withLock { $0.data = newValue } }
    }

    // MARK: Receiving

    /// Adds a handler for an event.
    ///
    /// Register it in ``SocketIONamespace/onConnection(_:)``, before the client's first event.
    ///
    /// - Parameters:
    /// - event: The event's name.
    /// - handler: What to do; handlers of one event run in the order in which they were added.
    public func on(_ event: String, _ handler: @escaping EventHandler) {
        state.withLock { $0.handlers[event, default: []].append(handler) }
    }

    /// Adds a handler for all events, which runs before those of the event.
    ///
    /// - Parameter handler: Gets the event's name, its arguments and a way to answer.
    public func onAny(_ handler: @escaping @Sendable (String, [SocketIOValue], SocketIOAck) -> Void) {
        state.withLock { $0.catchAll.append(handler) }
    }

    /// Adds a handler for the end.
    ///
    /// It runs once; at once, when the socket is gone already.
    ///
    /// - Parameter handler: Gets the reason.
    public func onDisconnect(_ handler: @escaping @Sendable (SocketIODisconnectReason) -> Void) {
        let isLate = state.withLock { state in
            if state.isConnected { state.disconnectHandlers.append(handler) }
            return !state.isConnected
        }
        if isLate { handler(.transportClose) }
    }

    func dispatch(_ event: String, _ arguments: [SocketIOValue], _ ack: SocketIOAck) {
        let (catchAll, handlers) = state.withLock { ($0.catchAll, $0.handlers[event] ?? []) }
        for handler in catchAll { handler(event, arguments, ack) }
        for handler in handlers { handler(arguments, ack) }
    }

    func disconnected(_ reason: SocketIODisconnectReason) {
        let handlers = state.withLock { state in
            state.isConnected = false
            // The handlers often hold what they belong to; nothing calls them any more.
            state.handlers = [:]
            state.catchAll = []
            defer { state.disconnectHandlers = [] }
            return state.disconnectHandlers
        }
        for handler in handlers { handler(reason) }
    }

    // MARK: Sending

    /// Sends an event.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - values: Its arguments.
    public func emit(_ event: String, _ values: SocketIOValue...) {
        emit(event, values: values)
    }

    /// Sends an event with one argument of any encodable type.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - value: Its argument.
    /// - Throws: `EncodingError`.
    public func emit(_ event: String, encoding value: some Encodable) throws {
        emit(event, values: [try SocketIOValue(encoding: value)])
    }

    /// Sends an event with its arguments in an array.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - values: Its arguments.
    ///   - isVolatile: Whether to skip it when the client cannot take it at once.
    public func emit(_ event: String, values: [SocketIOValue], isVolatile: Bool = false) {
        let key = key
        let port = port
        namespace.send(event, values, to: RoomSelection(rooms: [id]), isVolatile: isVolatile) { message, _ in
            port.submit(.emit(socket: key, message, isVolatile: isVolatile))
        }
    }

    /// Sends an event and hands the client's answer to a closure.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - values: Its arguments.
    ///   - timeout: How long to wait for the answer.
    ///   - completion: Gets the answer or the error, once, on the client's event loop.
    public func emitWithAck(
        _ event: String,
        _ values: SocketIOValue...,
        timeout: Duration,
        completion: @escaping @Sendable (Result<[SocketIOValue], SocketIOError>) -> Void
    ) {
        request(event, values, timeout: timeout, completion)
    }

    /// Sends an event and waits for the client's answer.
    ///
    /// - Parameters:
    ///   - event: The event's name.
    ///   - values: Its arguments.
    ///   - timeout: How long to wait for the answer; it also bounds how long a cancelled task still waits.
    /// - Returns: What the client answered.
    /// - Throws: When no answer came.
    public func emitWithAck(
        _ event: String,
        _ values: SocketIOValue...,
        timeout: Duration
    ) async throws(SocketIOError) -> [SocketIOValue] {
        let result = await withCheckedContinuation { continuation in
            request(event, values, timeout: timeout) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func request(
        _ event: String,
        _ values: [SocketIOValue],
        timeout: Duration,
        _ completion: @escaping @Sendable (Result<[SocketIOValue], SocketIOError>) -> Void
    ) {
        let id = state.withLock { state in
            state.lastAckID += 1
            return state.lastAckID
        }
        let packet = SocketPacket(.event(event, values), namespace: namespace.name, ackID: id)
        let ack = PendingAck(timeout: timeout.timeAmount, complete: completion)
        let message = SocketPacketEncoder.encode(packet)
        if !port.submit(.request(socket: key, message, ackID: id, ack)) { completion(.failure(.overloaded)) }
    }

    /// Everyone in the namespace but this socket.
    public var broadcast: SocketIOBroadcast { namespace.except(id) }

    /// Everyone in a room but this socket.
    ///
    /// - Parameter room: The room's name.
    /// - Returns: The selection.
    public func to(_ room: String) -> SocketIOBroadcast { broadcast.to(room) }

    // MARK: Rooms

    /// Puts the socket into a room, before anything that is emitted afterwards from the same thread.
    ///
    /// - Parameter room: The room's name.
    public func join(_ room: String) {
        joined(room)
        port.submit(.join(socket: key, room: room))
    }

    /// Takes the socket out of a room.
    ///
    /// - Parameter room: The room's name.
    public func leave(_ room: String) {
        left(room)
        port.submit(.leave(socket: key, room: room))
    }

    func joined(_ room: String) {
        state.withLock { if $0.isConnected { $0.rooms.insert(room) } }
    }

    func left(_ room: String) {
        state.withLock { _ = $0.rooms.remove(room) }
    }

    /// Takes the client out of the namespace, after what was sent to it before.
    ///
    /// - Parameter closingConnection: Whether to close the client's connection, and with it all its namespaces.
    public func disconnect(closingConnection: Bool = false) {
        port.submit(.disconnect(socket: key, closesConnection: closingConnection))
    }
}
