internal import Logging
internal import NIOCore
internal import NIOPosix

/// All connections and sessions of a server; lives on one event loop and is touched there alone.
final class IngestHub {
    let settings: IngestSettings
    let loop: any EventLoop
    let logger: Logger
    private let questions: AsyncStream<KeyQuestion>.Continuation
    private var limiter: WrongKeyLimiter
    private var relays: [String: SessionRelay] = [:]
    private var publishers: [ObjectIdentifier: PublisherHandler] = [:]
    private var listener: (any Channel)?
    private var ticking: RepeatedTask?
    private var lastSocket = 0
    private var isStopping = false

    init(
        settings: IngestSettings,
        loop: any EventLoop,
        questions: AsyncStream<KeyQuestion>.Continuation,
        logger: Logger
    ) {
        self.settings = settings
        self.loop = loop
        self.questions = questions
        self.logger = logger
        limiter = WrongKeyLimiter(limits: settings.wrongKeys)
    }

    /// Listens for publishers.
    ///
    /// - Returns: The port.
    func listen() throws -> EventLoopFuture<Int> {
        guard !isStopping else { throw IngestFailure(.stopping, "The ingest stops.") }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let (host, port) = (settings.host, settings.port)
        return ServerBootstrap(group: loop, childGroup: loop)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PublisherHandler(hub: bound.value))
                }
            }
            .bind(host: host, port: port)
            .flatMapErrorThrowing { error in
                throw IngestFailure(.listen, "RTMP cannot listen on \(host):\(port); is it in use?", cause: error)
            }
            .assumeIsolated()
            .map { [self] channel in
                listener = channel
                ticking = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                    bound.value.tick()
                }
                return channel.localAddress?.port ?? port
            }
            .nonisolated()
    }

    /// The path of a session's socket, which is made where it is missing.
    func relay(for session: String, start: ContinuousClock.Instant?) throws -> EventLoopFuture<String> {
        guard !isStopping else { throw IngestFailure(.stopping, "The ingest stops.") }
        if let relay = relays[session] { return relay.whenListening }
        lastSocket += 1
        let path = try SocketFolder.path("s\(lastSocket)", in: settings.socketFolder)
        let relay = SessionRelay(
            session: session,
            start: start,
            path: path,
            limits: settings.relay,
            loop: loop,
            logger: logger
        )
        relays[session] = relay
        let listening = relay.listen()
        listening.assumeIsolated().whenFailure { [self] _ in relays[session] = nil }
        return listening
    }

    /// Lets somebody hear of a session; ends the stream at once where there is none.
    func addListener(_ listener: AsyncStream<IngestEvent>.Continuation, to session: String) {
        guard let relay = relays[session] else { return listener.finish() }
        relay.addListener(listener)
    }

    /// Ends a session.
    func close(_ session: String) -> EventLoopFuture<Void> {
        guard let relay = relays.removeValue(forKey: session) else { return loop.makeSucceededVoidFuture() }
        relay.publisher?.end(.closed, telling: "The session was closed.")
        return relay.close()
    }

    /// Ends everything.
    func stop() -> EventLoopFuture<Void> {
        isStopping = true
        ticking?.cancel()
        ticking = nil
        let closed = relays.keys.map { close($0) }
        for publisher in publishers.values { publisher.end(.closed, telling: "The server stops.") }
        let listener = listener.map { $0.close().recover { _ in } } ?? loop.makeSucceededVoidFuture()
        return EventLoopFuture.andAllSucceed(closed + [listener], on: loop)
    }

    private func tick() {
        let now = ContinuousClock.now
        for publisher in publishers.values { publisher.tick(now: now) }
        for relay in relays.values { relay.tick(now: now) }
    }
}

// What publishers ask for.
extension IngestHub {
    /// Notes a connection.
    ///
    /// - Returns: Whether there is room for it.
    func opened(_ publisher: PublisherHandler) -> Bool {
        guard !isStopping, publishers.count < settings.connections else { return false }
        publishers[ObjectIdentifier(publisher)] = publisher
        return true
    }

    /// Forgets a connection.
    func closed(_ publisher: PublisherHandler) {
        publishers[ObjectIdentifier(publisher)] = nil
    }

    /// Finds out whether a publisher may send; it hears through ``PublisherHandler/decided(_:for:)``.
    func ask(_ request: PublishRequest, for publisher: PublisherHandler) {
        let isLimited = settings.limitsLoopback || !publisher.isLocal
        if isLimited, let wait = limiter.wait(publisher.address, now: .now) {
            let seconds = max(1, wait.components.seconds)
            return publisher.refuse("Too many wrong stream keys from this address. Wait \(seconds) s.")
        }
        guard !request.key.isEmpty else {
            return publisher.refuse("There is no stream key. Put the session's key into the encoder.")
        }
        let bound = NIOLoopBound(publisher, eventLoop: loop)
        let question = KeyQuestion(request: request) { [loop] verdict in
            loop.execute { bound.value.decided(verdict, for: request) }
        }
        guard case .enqueued = questions.yield(question) else {
            return publisher.refuse("The server is busy. Try again in some seconds.")
        }
    }

    /// Notes a wrong key.
    func noteWrongKey(of publisher: PublisherHandler) {
        limiter.noteWrongKey(publisher.address, now: .now)
    }

    /// Gives a session to a publisher whose key is right.
    ///
    /// - Returns: The session's relay, or why not.
    func claim(_ session: String, for publisher: PublisherHandler) -> Claim {
        limiter.noteRightKey(publisher.address)
        guard let relay = relays[session] else { return .refused("This key's session is not open. Start it first.") }
        if let other = relay.publisher {
            let idle = relay.silence(now: .now)
            guard idle > settings.takeover else {
                return .refused("Another encoder is sending with this key. Stop it first, or use another key.")
            }
            other.end(.replaced, telling: "Another encoder took over.")
        }
        return .relay(relay)
    }

    /// What comes of a claim.
    enum Claim {
        case relay(SessionRelay)
        case refused(String)
    }
}
