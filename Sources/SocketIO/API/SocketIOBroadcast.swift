/// A selection of a namespace's sockets: `namespace.to("room").except(socket.id).volatile.emit("event", 1)`.
///
/// An event is encoded and framed once, however many get it.
public struct SocketIOBroadcast: Sendable {
    private let namespace: SocketIONamespace
    private var selection = RoomSelection()
    private var isVolatile = false

    init(namespace: SocketIONamespace) {
        self.namespace = namespace
    }

    /// Adds those in a room.
    ///
    /// - Parameter room: The room's name, or the id of a socket.
    /// - Returns: The selection.
    public func to(_ room: String) -> SocketIOBroadcast {
        var broadcast = self
        broadcast.selection.rooms.insert(room)
        return broadcast
    }

    /// Leaves out those in a room.
    ///
    /// - Parameter room: The room's name, or the id of a socket.
    /// - Returns: The selection.
    public func except(_ room: String) -> SocketIOBroadcast {
        var broadcast = self
        broadcast.selection.except.insert(room)
        return broadcast
    }

    /// Skips those who cannot take the event at once.
    public var volatile: SocketIOBroadcast {
        var broadcast = self
        broadcast.isVolatile = true
        return broadcast
    }

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
    public func emit(_ event: String, values: [SocketIOValue]) {
        namespace.broadcast(event, values, to: selection, isVolatile: isVolatile)
    }

    /// Puts the sockets into a room.
    ///
    /// - Parameter room: The room's name.
    public func join(_ room: String) {
        namespace.submitToAll(.joinAll(namespace: namespace.name, selection, room: room))
    }

    /// Takes the sockets out of a room.
    ///
    /// - Parameter room: The room's name.
    public func leave(_ room: String) {
        namespace.submitToAll(.leaveAll(namespace: namespace.name, selection, room: room))
    }

    /// Takes the sockets out of the namespace.
    ///
    /// - Parameter closingConnection: Whether to close the clients' connections, and with them all their namespaces.
    public func disconnect(closingConnection: Bool = false) {
        namespace.submitToAll(
            .disconnectAll(namespace: namespace.name, selection, closesConnection: closingConnection)
        )
    }
}
