internal import Logging
internal import NIOCore

/// One publisher's connection: passes bytes to the state machines and does what they answer.
final class PublisherHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let hub: IngestHub
    private var context: ChannelHandlerContext?
    private var inbox = ByteBuffer()
    private var handshake: Handshake
    private var reader: ChunkReader
    private var writer = ChunkWriter()
    private var session = PublishSession()
    private var received: UInt64 = 0
    private var since = ContinuousClock.now
    private var latest = ContinuousClock.now
    private var wasPinged = false
    private var relay: SessionRelay?
    private var isOver = false
    /// Where it connects from, as IP address.
    private(set) var address = "?"
    /// Whether it connects from this machine.
    private(set) var isLocal = false

    init(hub: IngestHub) {
        self.hub = hub
        var generator = SystemRandomNumberGenerator()
        handshake = Handshake(using: &generator)
        reader = ChunkReader(limits: hub.settings.chunks)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        address = context.remoteAddress?.ipAddress ?? "?"
        isLocal = address == "::1" || address.hasPrefix("127.")
        guard hub.opened(self) else {
            isOver = true
            hub.logger.warning("refused a publisher, too many are connected", metadata: ["address": "\(address)"])
            return context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard !isOver else { return }
        latest = .now
        wasPinged = false
        received &+= UInt64(bytes.readableBytes)
        do {
            if handshake.isDone {
                reader.append(bytes)
            } else {
                inbox.writeImmutableBuffer(bytes)
                if let answer = try handshake.advance(&inbox) {
                    context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
                }
                guard handshake.isDone else { return }
                reader.append(inbox)
                inbox = ByteBuffer()
            }
            while !isOver, let message = try reader.next() { perform(try session.receive(message)) }
            perform(session.noteReceived(received))
        } catch {
            fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave(.lost)
        isOver = true
        self.context = nil
        hub.closed(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset connection; what it means is told when the channel becomes inactive.
        hub.logger.debug("publisher's connection failed", metadata: ["address": "\(address)", "error": "\(error)"])
        context.close(promise: nil)
    }

    /// Looks after time limits; called about once a second.
    func tick(now: ContinuousClock.Instant) {
        guard !isOver else { return }
        let settings = hub.settings
        if relay == nil {
            if now - since > settings.patience {
                hub.logger.info("publisher presented no key in time", metadata: ["address": "\(address)"])
                end(.silent, telling: "No stream key came in time.")
            }
        } else if now - latest > settings.silence {
            end(.silent, telling: "Nothing came for too long.")
        } else if now - latest > settings.silence / 3, !wasPinged {
            wasPinged = true
            let time = UInt32(truncatingIfNeeded: (now - since).components.seconds * 1000)
            perform([.send(ControlMessage.pingRequest(time).message, chunkStream: 2)])
        }
    }

    /// Takes the verdict about the key.
    func decided(_ verdict: StreamKeyVerdict, for request: PublishRequest) {
        guard !isOver else { return }
        switch verdict {
        case .wrongKey:
            hub.noteWrongKey(of: self)
            refuse("The stream key is wrong. Copy it again from the session.")
        case .refused(let reason):
            refuse(reason)
        case .session(let session):
            switch hub.claim(session, for: self) {
            case .refused(let reason): refuse(reason)
            case .relay(let relay):
                self.relay = relay
                latest = .now
                relay.publisherCame(self, request: request, now: latest)
                perform(self.session.answer(.accepted))
            }
        }
    }

    /// Tells the publisher why it may not send, and closes.
    func refuse(_ reason: String) {
        hub.logger.notice("refused a publisher", metadata: ["address": "\(address)", "reason": "\(reason)"])
        perform(session.answer(.refused(reason)))
    }

    /// Ends the connection from this side.
    func end(_ departure: IngestEvent.Departure, telling reason: String) {
        guard !isOver else { return }
        leave(departure)
        perform(session.end(reason))
    }

    private func fail(_ fault: RTMPFault) {
        let metadata: Logger.Metadata = ["address": "\(address)", "fault": "\(fault)"]
        hub.logger.notice("publisher breaks the protocol", metadata: metadata)
        leave(.malformed(fault))
        close()
    }

    private func leave(_ departure: IngestEvent.Departure) {
        relay?.publisherLeft(departure)
        relay = nil
        since = .now
    }

    private func perform(_ actions: [PublishSession.Action]) {
        var output = ByteBuffer()
        for action in actions {
            switch action {
            case .send(let message, let chunkStream): writer.write(message, on: chunkStream, to: &output)
            case .ask(let request): hub.ask(request, for: self)
            case .metadata(let metadata): relay?.describe(metadata)
            case .media(let isVideo, let timestamp, let body):
                relay?.take(isVideo: isVideo, timestamp: timestamp, body: body, now: latest)
            case .finish: leave(.finished)
            case .close:
                send(output)
                return close()
            }
        }
        send(output)
    }

    private func send(_ output: ByteBuffer) {
        guard output.readableBytes > 0, let context else { return }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
    }

    /// Closes once everything is written; the peer gets to read it because this side's end comes first.
    private func close() {
        guard !isOver, let context else { return }
        isOver = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
