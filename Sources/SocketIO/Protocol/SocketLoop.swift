internal import NIOCore

/// The Socket.IO protocol for the clients of one event loop.
final class SocketLoop: EngineApplication {
    /// One client: its connection and the namespaces it is in.
    private final class Client {
        let connection: EngineConnection
        var decoder: SocketPacketDecoder
        var members: [String: Member] = [:]
        var hasJoined = false
        var connectTimer: Scheduled<Void>?

        init(connection: EngineConnection, maximumAttachments: Int) {
            self.connection = connection
            decoder = SocketPacketDecoder(maximumAttachments: maximumAttachments)
        }
    }

    /// One client in one namespace.
    private final class Member {
        let socket: SocketIOSocket
        let namespace: SocketIONamespace
        unowned let client: Client
        var pendingAcks: [Int: (ack: PendingAck, timer: Scheduled<Void>)] = [:]
        let recoverySecret: String?
        /// The last packet that was replayed: what is at or before it must not be sent again.
        let replayedThrough: UInt64

        init(socket: SocketIOSocket, namespace: SocketIONamespace, client: Client, secret: String?, replayed: UInt64) {
            self.socket = socket
            self.namespace = namespace
            self.client = client
            recoverySecret = secret
            replayedThrough = replayed
        }
    }

    private let core: SocketCore
    /// Holds this one in turn until ``EngineServer/shutdown()`` parts them.
    private let engineLoop: EngineLoop
    private var port: SocketLoopPort?
    private var clients: [UInt64: Client] = [:]
    private var members: [UInt64: Member] = [:]
    private var tables: [String: RoomTable<Member>] = [:]

    init(core: SocketCore, loop: EngineLoop) {
        self.core = core
        engineLoop = loop
        let port = SocketLoopPort(
            loop: self,
            eventLoop: loop.eventLoop,
            maximum: core.configuration.maximumQueuedEmits,
            dropped: core.droppedEmits
        )
        self.port = port
        core.add(port)
    }

    // MARK: Clients

    func opened(_ connection: EngineConnection) {
        let client = Client(connection: connection, maximumAttachments: core.configuration.maximumAttachments)
        clients[connection.number] = client
        let timeout = core.configuration.connectTimeout.timeAmount
        client.connectTimer = engineLoop.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            connection.close(.connectTimeout)
        }
    }

    func received(_ message: EngineMessage, from connection: EngineConnection) {
        guard let client = clients[connection.number] else { return }
        do {
            guard let packet = try client.decoder.take(message) else { return }
            handle(packet, from: client)
        } catch {
            connection.close(.parseError)
        }
        engineLoop.flush()
    }

    func closed(_ connection: EngineConnection, reason: SocketIODisconnectReason) {
        guard let client = clients.removeValue(forKey: connection.number) else { return }
        client.connectTimer?.cancel()
        for member in client.members.values { remove(member, reason: reason) }
    }

    private func handle(_ packet: SocketPacket, from client: Client) {
        if case .connect(let auth) = packet.content {
            connect(client, to: packet.namespace, auth: auth ?? [:])
            return
        }
        guard let member = client.members[packet.namespace] else {
            // A packet may cross with the server's goodbye; but who never joined anything must join first.
            if !client.hasJoined { client.connection.close(.parseError) }
            return
        }
        switch packet.content {
        case .event(let name, let arguments):
            let ack = packet.ackID.map { acknowledgement(of: member, id: $0) } ?? .unwanted
            member.socket.dispatch(name, arguments, ack)
        case .ack(let arguments):
            guard let id = packet.ackID, let pending = member.pendingAcks.removeValue(forKey: id) else { return }
            pending.timer.cancel()
            pending.ack.complete(.success(arguments))
        case .disconnect:
            remove(member, reason: .clientLeft)
        case .connect, .connectError:
            break
        }
    }

    private func acknowledgement(of member: Member, id: Int) -> SocketIOAck {
        let key = member.socket.key
        let namespace = member.namespace.name
        let port = port
        return SocketIOAck { values in
            let packet = SocketPacket(.ack(values), namespace: namespace, ackID: id)
            port?.submit(.emit(socket: key, SocketPacketEncoder.encode(packet), isVolatile: false))
        }
    }

    private func connect(_ client: Client, to name: String, auth: SocketIOValue) {
        guard client.members[name] == nil, let port else { return }
        guard let namespace = core.find(name) else {
            refuse(client, name, SocketIORefusal("Invalid namespace"))
            return
        }
        do {
            try namespace.check(client.connection.handshake, auth)
        } catch {
            refuse(client, name, error)
            return
        }
        let restored = namespace.restore(auth)
        let secret = namespace.isRecoverable ? SessionID.make() : nil
        let socket = SocketIOSocket(
            id: restored?.session.socketID ?? SessionID.make(),
            key: core.nextNumber(),
            namespace: namespace,
            port: port,
            handshake: client.connection.handshake,
            auth: auth,
            restored: restored?.session
        )
        let member = Member(
            socket: socket,
            namespace: namespace,
            client: client,
            secret: secret,
            replayed: restored?.position ?? 0
        )
        client.hasJoined = true
        client.connectTimer?.cancel()
        client.members[name] = member
        members[socket.key] = member
        tables[name, default: RoomTable()].insert(member, key: socket.key)
        for room in restored?.session.rooms ?? [socket.id] { tables[name]?.join(socket.key, room: room) }
        namespace.count.add(1)

        var answer: SocketIOObject = ["sid": .string(socket.id)]
        if let secret { answer["pid"] = .string(secret) }
        let packet = SocketPacket(.connect(.object(answer)), namespace: name)
        client.connection.send(SocketPacketEncoder.encode(packet))
        for message in restored?.missed ?? [] { client.connection.send(message) }
        // What the application emits from here on is queued, so it comes after the answer.
        namespace.connected(socket)
    }

    private func refuse(_ client: Client, _ name: String, _ refusal: SocketIORefusal) {
        var object: SocketIOObject = ["message": .string(refusal.message)]
        if let data = refusal.data { object["data"] = data }
        let packet = SocketPacket(.connectError(.object(object)), namespace: name)
        client.connection.send(SocketPacketEncoder.encode(packet))
    }

    private func remove(_ member: Member, reason: SocketIODisconnectReason) {
        let key = member.socket.key
        guard members.removeValue(forKey: key) != nil else { return }
        let name = member.namespace.name
        member.client.members[name] = nil
        let rooms = tables[name]?.remove(key) ?? []
        member.namespace.count.add(-1)
        if let secret = member.recoverySecret, reason.isRecoverable {
            member.namespace.lost(member.socket, rooms: rooms, secret: secret)
        }
        for pending in member.pendingAcks.values {
            pending.timer.cancel()
            pending.ack.complete(.failure(.disconnected))
        }
        member.pendingAcks = [:]
        member.socket.disconnected(reason)
    }

    // MARK: Commands

    /// Performs commands in their order, then flushes each client that was written to once.
    func perform(_ commands: [SocketCommand]) {
        for command in commands { perform(command) }
        engineLoop.flush()
    }

    private func perform(_ command: SocketCommand) {
        switch command {
        case .emit(let key, let message, let isVolatile):
            members[key]?.client.connection.send(message, isVolatile: isVolatile)
        case .request(let key, let message, let id, let ack):
            request(key, message, id, ack)
        case .broadcast(let namespace, let selection, let message, let isVolatile, let position):
            broadcast(namespace, selection, message, isVolatile: isVolatile, position: position)
        case .join(let key, let room):
            guard let member = members[key] else { return }
            tables[member.namespace.name]?.join(key, room: room)
        case .leave(let key, let room):
            guard let member = members[key] else { return }
            tables[member.namespace.name]?.leave(key, room: room)
        case .joinAll(let namespace, let selection, let room):
            for member in tables[namespace]?.members(in: selection) ?? [] {
                tables[namespace]?.join(member.socket.key, room: room)
                member.socket.joined(room)
            }
        case .leaveAll(let namespace, let selection, let room):
            for member in tables[namespace]?.members(in: selection) ?? [] {
                tables[namespace]?.leave(member.socket.key, room: room)
                member.socket.left(room)
            }
        case .disconnect(let key, let closesConnection):
            if let member = members[key] { disconnect(member, closesConnection: closesConnection) }
        case .disconnectAll(let namespace, let selection, let closesConnection):
            for member in tables[namespace]?.members(in: selection) ?? [] {
                disconnect(member, closesConnection: closesConnection)
            }
        }
    }

    private func broadcast(
        _ namespace: String,
        _ selection: RoomSelection,
        _ message: WireMessage,
        isVolatile: Bool,
        position: UInt64
    ) {
        guard let table = tables[namespace] else { return }
        let targets = selection.isEveryone ? Array(table.everyone) : table.members(in: selection)
        for member in targets where position == 0 || position > member.replayedThrough {
            member.client.connection.send(message, isVolatile: isVolatile)
        }
    }

    private func request(_ key: UInt64, _ message: WireMessage, _ id: Int, _ ack: PendingAck) {
        guard let member = members[key] else {
            ack.complete(.failure(.disconnected))
            return
        }
        guard member.pendingAcks.count < core.configuration.maximumPendingAcks else {
            ack.complete(.failure(.overloaded))
            return
        }
        let timer = engineLoop.eventLoop.assumeIsolated().scheduleTask(in: ack.timeout) {
            guard member.pendingAcks.removeValue(forKey: id) != nil else { return }
            ack.complete(.failure(.timedOut))
        }
        member.pendingAcks[id] = (ack, timer)
        member.client.connection.send(message)
    }

    private func disconnect(_ member: Member, closesConnection: Bool) {
        let connection = member.client.connection
        if closesConnection {
            connection.close(.forcedClose)
        } else {
            connection.send(SocketPacketEncoder.encode(SocketPacket(.disconnect, namespace: member.namespace.name)))
            remove(member, reason: .serverLeft)
        }
    }
}

extension SocketIODisconnectReason {
    /// Whether the client may come back to where it was: it did not leave, and was not sent away.
    fileprivate var isRecoverable: Bool {
        switch self {
        case .transportClose, .transportError, .pingTimeout, .forcedClose, .serverShuttingDown, .slowClient: true
        case .parseError, .clientLeft, .serverLeft, .connectTimeout: false
        }
    }
}
