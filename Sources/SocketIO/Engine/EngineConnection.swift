internal import NIOCore
internal import NIOHTTP1

/// One client: performs what its session decides.
///
/// It is confined to the event loop on which the handshake was made.
package final class EngineConnection {
    /// A number that no other client of this server has.
    package let number: UInt64
    /// The session's id, which only the client knows.
    package let id: String
    /// What the client said in its handshake.
    package let handshake: SocketIOHandshake
    let loop: EngineLoop
    private var session: EngineSession
    private var polls: [UInt64: HTTPReplyPort] = [:]
    private var sockets: [UInt64: WebSocketPort] = [:]
    private var timers: [EngineSession.Timer: Scheduled<Void>] = [:]
    private var isDirty = false
    private var isOver = false

    private var configuration: EngineConfiguration { loop.engine.configuration }
    private var counters: EngineCounters { loop.engine.counters }

    private init(loop: EngineLoop, session: EngineSession, handshake: SocketIOHandshake) {
        number = loop.engine.counters.nextNumber()
        id = SessionID.make()
        self.loop = loop
        self.session = session
        self.handshake = handshake
    }

    /// Opens a session for a client that polls, and answers its first poll with the handshake.
    static func open(on loop: EngineLoop, handshake: SocketIOHandshake, poll: HTTPReplyPort) {
        let session = EngineSession(maximumUnsentBytes: loop.engine.configuration.maximumUnsentBytes)
        let connection = EngineConnection(loop: loop, session: session, handshake: handshake)
        connection.polls[poll.number] = poll
        let upgrades = loop.engine.configuration.transports.contains(.webSocket) ? ["websocket"] : []
        connection.begin(upgrades: upgrades)
        connection.handle(.poll(poll.number))
        connection.start()
    }

    /// Opens a session for a client that came over a WebSocket.
    ///
    /// - Returns: The way to the session.
    static func open(on loop: EngineLoop, handshake: SocketIOHandshake, webSocket: WebSocketPort) -> EngineHandle {
        let limit = loop.engine.configuration.maximumUnsentBytes
        let session = EngineSession(webSocket: webSocket.number, maximumUnsentBytes: limit)
        let connection = EngineConnection(loop: loop, session: session, handshake: handshake)
        connection.sockets[webSocket.number] = webSocket
        loop.engine.counters.webSockets.add(1)
        connection.begin(upgrades: [])
        return connection.handle
    }

    var handle: EngineHandle {
        EngineHandle(id: id, connection: NIOLoopBound(self, eventLoop: loop.eventLoop))
    }

    private func begin(upgrades: [String]) {
        var writer = JSONWriter()
        writer.write([
            "sid": .string(id), "upgrades": .array(upgrades.map { .string($0) }),
            "pingInterval": .int(Int(configuration.pingInterval.nanoseconds / 1_000_000)),
            "pingTimeout": .int(Int(configuration.pingTimeout.nanoseconds / 1_000_000)),
            "maxPayload": .int(configuration.maximumPayload),
        ])
        loop.insert(self)
        send(WireMessage(text: "0" + String(buffer: writer.buffer)))
    }

    /// Starts the heartbeat and tells the application; after the handshake is answered.
    func start() {
        guard !isOver else { return }
        perform([.start(.ping)])
        flush()
        loop.application?.opened(self)
    }

    /// Sends a message; it leaves with the next ``flush()`` or at the end of the loop's turn.
    package func send(_ message: WireMessage, isVolatile: Bool = false) {
        switch session.send(message, isVolatile: isVolatile) {
        case .webSocket(let number):
            sockets[number]?.write(message, isVolatile: isVolatile)
            markDirty()
        case .waiting:
            counters.sent.add(1)
            markDirty()
        case .skipped:
            counters.skipped.add(1)
        case .overflow:
            counters.slowClients.add(1)
            counters.droppedBytes.add(message.byteCount)
            handle(.close(.slowClient))
        case .gone:
            break
        }
    }

    private func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        loop.dirty.append(self)
    }

    /// Sends what was written.
    package func flush() {
        isDirty = false
        if session.isPolling {
            if let action = session.flush() { perform([action]) }
        } else {
            for socket in sockets.values { socket.flush() }
        }
    }

    /// Ends the session.
    package func close(_ reason: SocketIODisconnectReason) {
        handle(.close(reason))
    }

    /// A poll came.
    func poll(_ port: HTTPReplyPort) {
        polls[port.number] = port
        handle(.poll(port.number))
    }

    /// The head of a POST came.
    func postBegan(_ port: HTTPReplyPort) {
        polls[port.number] = port
        handle(.postBegan(port.number))
    }

    /// The connection of a request is gone.
    func abandoned(_ number: UInt64) {
        polls[number] = nil
        handle(.pollAbandoned(number))
        handle(.postAbandoned(number))
    }

    /// A WebSocket with this session's id was opened.
    func webSocketOpened(_ port: WebSocketPort) {
        sockets[port.number] = port
        counters.webSockets.add(1)
        handle(.webSocketOpened(port.number))
    }

    /// Tells the session what happened and does what it answers.
    func handle(_ event: EngineSession.Event) {
        perform(session.handle(event))
        if case .webSocketClosed(let number, _) = event, sockets.removeValue(forKey: number) != nil {
            counters.webSockets.add(-1)
        }
    }

    private func perform(_ actions: [EngineSession.Action]) {
        for action in actions {
            switch action {
            case .answerPoll(let number, let messages):
                polls.removeValue(forKey: number)?.answer(.payload(messages))
            case .acceptPost(let number):
                polls.removeValue(forKey: number)?.answer(.postAccepted)
            case .refuse(let number, let fault):
                counters.refused.add(1)
                refuse(number, fault)
            case .write(let number, let message):
                sockets[number]?.write(message, isVolatile: false)
                sockets[number]?.flush()
            case .closeWebSocket(let number, let reason):
                sockets[number]?.close(reason)
            case .deliver(let message):
                if !isOver { loop.application?.received(message, from: self) }
            case .start(let timer):
                start(timer)
            case .stop(let timer):
                timers.removeValue(forKey: timer)?.cancel()
            case .end(let reason, let farewell):
                end(reason, farewell: farewell)
            }
        }
    }

    /// Refuses a request, but not before what was written to the client's WebSocket is on its way.
    ///
    /// The two may be served by different loops. A client that polls after an upgrade learns from the refusal that the upgrade
    /// is complete, so the answer to its probe must not come later.
    private func refuse(_ number: UInt64, _ fault: EngineFault) {
        guard let poll = polls.removeValue(forKey: number) else { return }
        guard let socket = sockets.values.first else { return poll.answer(fault.reply) }
        socket.afterFlush { poll.answer(fault.reply) }
    }

    private func start(_ timer: EngineSession.Timer) {
        timers[timer]?.cancel()
        let delay =
            switch timer {
            case .ping: configuration.pingInterval
            case .pong: configuration.pingTimeout
            case .upgrade: configuration.upgradeTimeout
            // As long as the official server takes at most.
            case .release: TimeAmount.milliseconds(100)
            }
        timers[timer] = loop.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            self.timers[timer] = nil
            self.handle(.timer(timer))
        }
    }

    private func end(_ reason: SocketIODisconnectReason, farewell: [WireMessage]) {
        guard !isOver else { return }
        isOver = true
        for timer in timers.values { timer.cancel() }
        timers = [:]
        loop.remove(self, farewell: farewell)
        loop.application?.closed(self, reason: reason)
    }
}
