internal import NIOCore
internal import NIOWebSocket

/// The end of a WebSocket's pipeline: between frames and a session, which may live on another event loop.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case open
        case closing
        case closed
    }

    private let number: UInt64
    private let maximumUnsentBytes: Int
    private let counters: EngineCounters
    private var assembler: WebSocketAssembler
    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    private var owner: EngineHandle?
    /// What one read brought for a session on another loop; nothing more is read until that loop has taken it.
    private var batch: [EngineSession.Event] = []
    private var isBatchUnderWay = false
    private var isReadHeld = false

    init(number: UInt64, configuration: EngineConfiguration, counters: EngineCounters) {
        self.number = number
        maximumUnsentBytes = configuration.maximumUnsentBytes
        self.counters = counters
        assembler = WebSocketAssembler(maximumSize: configuration.maximumPayload)
    }

    /// Names the session that gets the packets from here on.
    func attach(to owner: EngineHandle) {
        self.owner = owner
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended(.transportClose)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended(.transportClose)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let event = assembler.take(Self.unwrapInboundIn(data))
        guard phase == .open else {
            if phase == .closing, event == .close { context.close(promise: nil) }
            return
        }
        switch event {
        case .text(let text):
            counters.received.add(1)
            tell(.webSocketPacket(number, EnginePacket(text: Substring(text))))
        case .binary(let bytes):
            counters.received.add(1)
            tell(.webSocketPacket(number, .binary(bytes)))
        case .ping(let payload):
            var frame = ByteBuffer()
            frame.writeFrame(.pong, payload: payload)
            context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
        case .close:
            phase = .closed
            sendClose(.normalClosure, context: context, thenClose: true)
            report(.transportClose)
        case .violation(let code):
            close(code)
            report(.transportError)
        case nil:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        forwardBatch()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isBatchUnderWay {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase == .open else { return }
        if let error = error as? NIOWebSocketError {
            close(error == .invalidFrameLength ? .messageTooLarge : .protocolError)
            report(.transportError)
        } else {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // With half-closure allowed, this is all that is heard of a client that hung up.
        if (event as? ChannelEvent) == .inputClosed {
            context.close(promise: nil)
            return
        }
        guard event is ChannelShouldQuiesceEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        close(.goingAway)
        report(.serverShuttingDown)
    }

    /// Writes frames without flushing; drops what a slow client cannot take.
    func write(_ message: WireMessage, isVolatile: Bool) {
        guard phase == .open, let context else { return }
        if !context.channel.isWritable {
            if isVolatile {
                counters.skipped.add(1)
                return
            }
            let unsent = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            if (unsent ?? 0) + message.byteCount > maximumUnsentBytes {
                dropSlowClient(unsentBytes: (unsent ?? 0) + message.byteCount, context: context)
                return
            }
        }
        counters.sent.add(1)
        context.write(Self.wrapOutboundOut(message.frames), promise: nil)
    }

    /// Sends what was written.
    func flush() {
        context?.flush()
    }

    /// Says goodbye and closes.
    func close(_ reason: SocketIODisconnectReason) {
        switch reason {
        case .serverShuttingDown: close(.goingAway)
        case .parseError: close(.protocolError)
        case .slowClient: context?.close(promise: nil)
        default: close(.normalClosure)
        }
    }

    private func dropSlowClient(unsentBytes: Int, context: ChannelHandlerContext) {
        counters.slowClients.add(1)
        counters.droppedBytes.add(unsentBytes)
        report(.slowClient)
        // A close frame would only queue behind what the client does not take.
        context.close(promise: nil)
    }

    /// Sends a close frame and gives the client a second to answer it before the connection is cut.
    private func close(_ code: WebSocketErrorCode) {
        guard phase == .open, let context else { return }
        phase = .closing
        sendClose(code, context: context, thenClose: false)
        let channel = context.channel
        let cut = channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in cut.cancel() }
    }

    private func sendClose(_ code: WebSocketErrorCode, context: ChannelHandlerContext, thenClose: Bool) {
        let written = context.eventLoop.makePromise(of: Void.self)
        if thenClose {
            let channel = context.channel
            written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(Self.wrapOutboundOut(.closeFrame(code)), promise: written)
    }

    private func ended(_ reason: SocketIODisconnectReason) {
        phase = .closed
        report(reason)
        context = nil
    }

    private func report(_ reason: SocketIODisconnectReason) {
        tell(.webSocketClosed(number, reason))
        forwardBatch()
    }

    private func tell(_ event: EngineSession.Event) {
        guard let owner else { return }
        if owner.eventLoop.inEventLoop {
            owner.connection.value.handle(event)
        } else {
            batch.append(event)
        }
    }

    private func forwardBatch() {
        guard let owner, let context, !batch.isEmpty else { return }
        let events = batch
        batch = []
        isBatchUnderWay = true
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        owner.eventLoop.execute {
            for event in events { owner.connection.value.handle(event) }
            handler.eventLoop.execute { handler.value.batchTaken() }
        }
    }

    private func batchTaken() {
        isBatchUnderWay = false
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }
}
