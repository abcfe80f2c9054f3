internal import NIOCore

/// Something to do on an event loop, in the order in which it was asked for.
enum SocketCommand: Sendable {
    /// Send to one socket.
    case emit(socket: UInt64, WireMessage, isVolatile: Bool)
    /// Send to one socket and await the answer.
    case request(socket: UInt64, WireMessage, ackID: Int, PendingAck)
    /// Send to those of this loop whom a selection means.
    case broadcast(namespace: String, RoomSelection, WireMessage, isVolatile: Bool, position: UInt64)
    /// Put one socket into a room.
    case join(socket: UInt64, room: String)
    /// Take one socket out of a room.
    case leave(socket: UInt64, room: String)
    /// Put those whom a selection means into a room.
    case joinAll(namespace: String, RoomSelection, room: String)
    /// Take those whom a selection means out of a room.
    case leaveAll(namespace: String, RoomSelection, room: String)
    /// Disconnect one socket, or its whole client.
    case disconnect(socket: UInt64, closesConnection: Bool)
    /// Disconnect those whom a selection means.
    case disconnectAll(namespace: String, RoomSelection, closesConnection: Bool)

    /// Whether it may be dropped when too much waits.
    var isEmit: Bool {
        switch self {
        case .emit, .request, .broadcast: true
        default: false
        }
    }
}

/// Who waits for an answer of a client.
struct PendingAck: Sendable {
    /// How long.
    let timeout: TimeAmount
    /// Gets the answer, once; on the client's event loop, or on the caller's thread when nothing was sent.
    let complete: @Sendable (Result<[SocketIOValue], SocketIOError>) -> Void
}
