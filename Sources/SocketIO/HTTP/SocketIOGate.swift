internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
internal import Synchronization

/// Stands between the HTTP/1 codec and the host's handlers: answers what is under the path, passes everything else.
///
/// It turns the connection into a WebSocket when a client asks for that under the path. NIO's decoder stops parsing
/// after every request that asked for any upgrade, taken or not, so the gate replaces it after those it does not take.
final class SocketIOGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request under the path that is not answered yet.
    private struct OwnRequest {
        let number: UInt64
        let head: HTTPRequestHead
        let kind: EngineRequest
        var owner: EngineHandle?
        /// An answer that came before the whole request.
        var early: HTTPReply?
    }

    /// Whose request is coming in.
    private enum Inbound {
        case none
        case host(stopsDecoder: Bool)
        case own(body: ByteBuffer, stopsDecoder: Bool)
        case ignored
    }

    private enum Phase {
        case http
        case closing
        case webSocket
    }

    private let engine: EngineServer
    private let options: GateOptions
    private var decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let encoder: HTTPResponseEncoder
    private var context: ChannelHandlerContext?
    private var phase = Phase.http
    private var sequence = RequestSequence()
    private var inbound = Inbound.none
    private var current: OwnRequest?
    /// What came while an answer is owed; at most what one read brings, because no more is read then.
    private var held: CircularBuffer<HTTPServerRequestPart> = []
    private var isReadHeld = false
    private var closesAfterAnswer = false
    private var idleTimer: Scheduled<Void>?

    init(
        engine: EngineServer,
        options: GateOptions,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>,
        encoder: HTTPResponseEncoder
    ) {
        self.engine = engine
        self.options = options
        self.decoder = decoder
        self.encoder = encoder
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        startIdleTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .webSocket: context.fireChannelRead(data)
        case .closing: break
        case .http:
            let part = Self.unwrapInboundIn(data)
            if held.isEmpty { process(part, context: context) } else { held.append(part) }
        }
    }

    func read(context: ChannelHandlerContext) {
        if held.isEmpty {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase == .http, case .end = Self.unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        context.write(data, promise: promise)
        sequence.hostAnswered()
        proceed(context: context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let isQuiesce = event is ChannelShouldQuiesceEvent
        let isHangUp = (event as? ChannelEvent) == .inputClosed
        guard phase == .http, sequence.owesAnswer, isQuiesce || isHangUp else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if isHangUp {
            stop()
            context.close(promise: nil)
            return
        }
        // The host sees an idle connection and would close it under the answer, so it does not hear of this.
        closesAfterAnswer = true
        current?.owner?.perform { $0.close(.serverShuttingDown) }
    }

    private func stop() {
        idleTimer?.cancel()
        idleTimer = nil
        guard let request = current else { return }
        current = nil
        let number = request.number
        request.owner?.perform { $0.abandoned(number) }
    }

    // MARK: Requests

    private func process(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            let isOwn = isOwn(head)
            switch sequence.head(isOwn: isOwn) {
            case .hold:
                held.append(part)
            case .pass:
                idleTimer?.cancel()
                inbound = .host(stopsDecoder: Self.stopsDecoder(head))
                context.fireChannelRead(Self.wrapInboundOut(part))
            case .take:
                idleTimer?.cancel()
                inbound = .own(body: ByteBuffer(), stopsDecoder: Self.stopsDecoder(head))
                begin(head, context: context)
            }
        case .body(var bytes):
            switch inbound {
            case .host: context.fireChannelRead(Self.wrapInboundOut(part))
            case .own(var body, let stopsDecoder):
                inbound = .none
                guard body.readableBytes + bytes.readableBytes <= engine.configuration.maximumPayload else {
                    refuseBody()
                    return
                }
                body.writeBuffer(&bytes)
                inbound = .own(body: body, stopsDecoder: stopsDecoder)
            case .none, .ignored: break
            }
        case .end:
            let ended = inbound
            inbound = .none
            switch ended {
            case .host(let stopsDecoder):
                context.fireChannelRead(Self.wrapInboundOut(part))
                if stopsDecoder { replaceDecoder(context: context) }
            case .own(let body, let stopsDecoder):
                finish(body, context: context, stopsDecoder: stopsDecoder)
            case .none, .ignored: break
            }
        }
    }

    private func isOwn(_ head: HTTPRequestHead) -> Bool {
        let path = RequestTarget.path(of: head.uri)
        return path == engine.configuration.path || path == engine.configuration.path.dropLast()
    }

    /// Whether NIO's decoder parses nothing after this request.
    private static func stopsDecoder(_ head: HTTPRequestHead) -> Bool {
        guard head.method != .CONNECT else { return true }
        return head.headers.contains(name: "upgrade")
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }

    /// Takes the head of a request under the path.
    private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let kind = EngineRequest(head, configuration: engine.configuration)
        current = OwnRequest(number: engine.counters.nextNumber(), head: head, kind: kind)
        let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        guard announced <= engine.configuration.maximumPayload else {
            inbound = .none
            refuseBody()
            return
        }
        guard case .post(let id) = kind else { return }
        guard case .live(let owner) = lookUp(id, isPoll: false) else {
            answer(.unknownSession)
            return
        }
        current?.owner = owner
        guard let port = port(context) else { return }
        owner.perform { $0.postBegan(port) }
    }

    /// Takes the end of a request under the path, which may be answered already.
    private func finish(_ body: ByteBuffer, context: ChannelHandlerContext, stopsDecoder: Bool) {
        guard let request = current else { return }
        if let early = request.early {
            write(early, for: request, context: context)
        } else if let fault = admit(request, context: context) {
            answer(fault)
        } else {
            perform(request, body: body, context: context)
        }
        // A request that becomes a WebSocket takes the decoder away in its own way.
        if stopsDecoder, phase == .http, !isUpgrading { replaceDecoder(context: context) }
    }

    private var isUpgrading: Bool {
        switch current?.kind {
        case .openWebSocket, .upgrade: true
        default: false
        }
    }

    /// Asks the host's policy about a request that would open a session.
    private func admit(_ request: OwnRequest, context: ChannelHandlerContext) -> EngineFault? {
        let transport: SocketIOTransport
        switch request.kind {
        case .openPolling: transport = .polling
        case .openWebSocket: transport = .webSocket
        default: return nil
        }
        guard !engine.isShutDown else { return .forbidden("Server is shutting down") }
        do {
            try engine.configuration.admit?(handshake(request, transport, context))
            return nil
        } catch {
            return .forbidden(error.message)
        }
    }

    private func handshake(
        _ request: OwnRequest,
        _ transport: SocketIOTransport,
        _ context: ChannelHandlerContext
    ) -> SocketIOHandshake {
        let address = context.channel.remoteAddress
        return SocketIOHandshake(
            head: request.head,
            transport: transport,
            remoteAddress: address?.ipAddress ?? address?.pathname
        )
    }

    private func perform(_ request: OwnRequest, body: ByteBuffer, context: ChannelHandlerContext) {
        guard let port = port(context) else { return }
        let number = request.number
        switch request.kind {
        case .refuse(let fault):
            answer(fault)
        case .preflight:
            let headers = engine.configuration.origins.preflightHeaders(for: request.head.headers)
            answer(number, HTTPReply(status: .noContent, contentType: nil, body: ByteBuffer(), headers: headers))
        case .openPolling:
            let loop = engine.loop(on: context.eventLoop)
            EngineConnection.open(on: loop, handshake: handshake(request, .polling, context), poll: port)
        case .openWebSocket:
            upgrade(request, to: nil, context: context)
        case .poll(let id):
            switch lookUp(id, isPoll: true) {
            case .live(let owner):
                current?.owner = owner
                owner.perform { $0.poll(port) }
            case .farewell(let messages): answer(number, .payload(messages))
            case nil: answer(.unknownSession)
            }
        case .post:
            let packets = PollingPayload.parse(body)
            request.owner?.perform { $0.handle(.post(number, packets)) }
        case .upgrade(let id):
            guard case .live(let owner) = lookUp(id, isPoll: false) else {
                answer(.unknownSession)
                return
            }
            upgrade(request, to: owner, context: context)
        }
    }

    private func lookUp(_ id: String, isPoll: Bool) -> SessionDirectory<EngineHandle>.Entry? {
        engine.directory.withLock { $0.lookUp(id: id, isPoll: isPoll, now: .now()) }
    }

    private func port(_ context: ChannelHandlerContext) -> HTTPReplyPort? {
        current.map { HTTPReplyPort(number: $0.number, gate: self, eventLoop: context.eventLoop) }
    }

    // MARK: Answers

    /// Answers a request, if it is still there.
    func answer(_ number: UInt64, _ reply: HTTPReply) {
        guard let context, let request = current, request.number == number, phase == .http else { return }
        if case .own = inbound {
            current?.early = reply
            return
        }
        write(reply, for: request, context: context)
    }

    private func answer(_ fault: EngineFault) {
        guard let number = current?.number else { return }
        engine.counters.refused.add(1)
        // What was not taken as an upgrade is a request like any other from here on.
        answer(number, fault.reply)
    }

    /// Refuses a body that is too large, without reading the rest of it.
    private func refuseBody() {
        guard let context, let request = current else { return }
        inbound = .ignored
        if let owner = request.owner {
            let number = request.number
            owner.perform { $0.abandoned(number) }
        }
        engine.counters.refused.add(1)
        write(EngineFault.tooLarge.reply, for: request, context: context)
    }

    private func write(_ reply: HTTPReply, for request: OwnRequest, context: ChannelHandlerContext) {
        let closes = reply.closesConnection || closesAfterAnswer || !request.head.isKeepAlive
        var headers = HTTPHeaders()
        if let contentType = reply.contentType { headers.add(name: "Content-Type", value: contentType) }
        if reply.status != .noContent {
            headers.add(name: "Content-Length", value: "\(reply.body.readableBytes)")
        }
        headers.add(name: "Cache-Control", value: "no-store")
        for (name, value) in reply.headers + engine.configuration.origins.headers(for: request.head.headers) {
            headers.add(name: name, value: value)
        }
        if closes {
            headers.add(name: "Connection", value: "close")
        } else if request.head.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        let head = HTTPResponseHead(version: request.head.version, status: reply.status, headers: headers)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        if request.head.method != .HEAD, reply.body.readableBytes > 0 {
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(reply.body))), promise: nil)
        }
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        current = nil
        sequence.answered()
        if closes {
            close(context: context, lingers: reply.closesConnection)
        } else {
            proceed(context: context)
        }
    }

    /// Closes after an answer.
    ///
    /// When the client is still sending, it gets half a second to read the answer first: closing at once would reset
    /// the connection and could take the answer with it.
    private func close(context: ChannelHandlerContext, lingers: Bool) {
        phase = .closing
        idleTimer?.cancel()
        guard lingers else {
            context.close(promise: nil)
            return
        }
        let channel = context.channel
        idleTimer = channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
    }

    /// Goes on with what was held back.
    private func proceed(context: ChannelHandlerContext) {
        while phase == .http, let part = held.first {
            if case .head(let head) = part, !sequence.canProceed(isOwn: isOwn(head)) { return }
            held.removeFirst()
            process(part, context: context)
        }
        if sequence.isIdle { startIdleTimer() }
        guard held.isEmpty, isReadHeld else { return }
        isReadHeld = false
        context.read()
    }

    private func startIdleTimer() {
        idleTimer?.cancel()
        guard let timeout = options.idleTimeout, phase == .http, let channel = context?.channel else { return }
        idleTimer = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }

    // MARK: Upgrades

    private func replaceDecoder(context: ChannelHandlerContext) {
        let stopped = decoder
        decoder = options.makeDecoder()
        do {
            // Removing the old one hands the bytes it collected to the one behind it.
            try context.pipeline.syncOperations.addHandler(decoder, position: .after(stopped))
            context.pipeline.syncOperations.removeHandler(stopped, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    private func upgrade(_ request: OwnRequest, to owner: EngineHandle?, context: ChannelHandlerContext) {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        // Only the answer's headers are NIO's; they are made at once.
        let headers = upgrader.buildUpgradeResponse(
            channel: context.channel,
            upgradeRequest: request.head,
            initialResponseHeaders: HTTPHeaders()
        )
        headers.assumeIsolated().whenComplete { result in
            guard let context = self.context, self.current?.number == request.number else { return }
            switch result {
            case .success(let headers):
                do {
                    try self.becomeWebSocket(request, headers: headers, owner: owner, context: context)
                } catch {
                    context.close(promise: nil)
                }
            case .failure:
                self.answer(.badRequest)
            }
        }
    }

    private func becomeWebSocket(
        _ request: OwnRequest,
        headers: HTTPHeaders,
        owner: EngineHandle?,
        context: ChannelHandlerContext
    ) throws {
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.end(nil)), promise: nil)
        phase = .webSocket
        current = nil
        idleTimer?.cancel()

        // Before the socket's handler is there: that one writes bytes at once, which the encoder cannot take.
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(encoder, promise: nil)
        for type in options.removedOnUpgrade { Self.remove(type, from: pipeline) }

        let number = engine.counters.nextNumber()
        let handler = WebSocketHandler(number: number, configuration: engine.configuration, counters: engine.counters)
        let frames = WebSocketFrameDecoder(maxFrameSize: engine.configuration.maximumPayload)
        try pipeline.addHandlers([ByteToMessageHandler(frames), handler], position: .after(self))
        engine.track(context.channel)

        let port = WebSocketPort(number: number, handler: handler, eventLoop: context.eventLoop)
        if let owner {
            handler.attach(to: owner)
            owner.perform { $0.webSocketOpened(port) }
        } else {
            let loop = engine.loop(on: context.eventLoop)
            let opened = EngineConnection.open(
                on: loop,
                handshake: handshake(request, .webSocket, context),
                webSocket: port
            )
            handler.attach(to: opened)
            opened.connection.value.start()
        }
        // Not before the session knows: a poll that the client sends once it is connected may reach the session sooner.
        context.flush()
        // The bytes that the decoder kept come out of it now, and this handler passes them on before it goes too.
        let gone = context.eventLoop.makePromise(of: Void.self)
        gone.futureResult.assumeIsolated().whenSuccess {
            guard let context = self.context else { return }
            // The decoder's last bytes are a read like any other, of which the end is told here.
            context.fireChannelReadComplete()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
        pipeline.removeHandler(decoder, promise: gone)
    }

    private static func remove<Handler: RemovableChannelHandler>(
        _ type: Handler.Type,
        from pipeline: ChannelPipeline.SynchronousOperations
    ) {
        // A host may name handlers that this connection does not have.
        guard let context = try? pipeline.context(handlerType: type) else { return }
        pipeline.removeHandler(context: context, promise: nil)
    }
}
