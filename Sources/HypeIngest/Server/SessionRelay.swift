internal import HypeCore
internal import Logging
internal import NIOCore
internal import NIOPosix

/// One session: its publisher, what is kept of its stream, its socket and reader; lives on the server's event loop.
final class SessionRelay {
    /// A clock sample is told at most so often.
    private static let sampleInterval = Duration.milliseconds(250)
    /// Without media for so long a publisher counts as stalled, so that health can say so within 5 s.
    private static let stallTime = Duration.seconds(3)

    private let session: String
    private let path: String
    private let limits: RelayLimits
    private let loop: any EventLoop
    private var logger: Logger
    private var core: RelayCore
    private var clock: SessionClock
    private var meter = StreamMeter()
    private var leaps = 0
    private var toldLost = 0
    private var isStalled = false
    private var earlier = 0
    private var latestMedia = ContinuousClock.now
    private var latestSample: ContinuousClock.Instant?
    private var toldTracks = TrackSet()
    private var toldFacts: StreamFacts?
    private var listener: (any Channel)?
    private var reader: (any Channel)?
    private var listeners: [Int: AsyncStream<IngestEvent>.Continuation] = [:]
    private var lastListener = 0
    private let listening: EventLoopPromise<String>
    /// Who sends now.
    private(set) weak var publisher: PublisherHandler?

    init(
        session: String,
        start: ContinuousClock.Instant?,
        path: String,
        limits: RelayLimits,
        loop: any EventLoop,
        logger: Logger
    ) {
        clock = SessionClock(start: start)
        self.session = session
        self.path = path
        self.limits = limits
        self.loop = loop
        self.logger = logger
        self.logger[metadataKey: "session.id"] = "\(session)"
        core = RelayCore(limits: limits)
        listening = loop.makePromise()
    }

    /// The socket's path, once it is listened on.
    var whenListening: EventLoopFuture<String> { listening.futureResult }

    /// Listens for a reader.
    func listen() -> EventLoopFuture<String> {
        let bound = NIOLoopBound(self, eventLoop: loop)
        ServerBootstrap(group: loop, childGroup: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ReaderHandler(relay: bound.value))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
            .flatMapThrowing { [path] channel in
                try SocketFolder.protect(path)
                bound.value.listener = channel
                return path
            }
            .flatMapErrorThrowing { [path] error in
                throw IngestFailure(.socket, "The socket \(path) cannot be listened on.", cause: error)
            }
            .cascade(to: listening)
        return listening.futureResult
    }

    /// Ends the session: its reader gets what is left, its socket and events end.
    func close() -> EventLoopFuture<Void> {
        for listener in listeners.values { listener.finish() }
        listeners = [:]
        SocketFolder.remove(path)
        let last = reader.map { reader in
            reader.writeAndFlush(ByteBuffer()).flatMap { reader.close() }.recover { _ in }
        }
        let socket = listener.map { $0.close().recover { _ in } }
        return EventLoopFuture.andAllSucceed([last, socket].compactMap { $0 }, on: loop)
    }

    /// Lets somebody hear of what happens.
    func addListener(_ listener: AsyncStream<IngestEvent>.Continuation) {
        lastListener += 1
        let number = lastListener
        listeners[number] = listener
        let bound = NIOLoopBound(self, eventLoop: loop)
        listener.onTermination = { [loop] _ in
            loop.execute { bound.value.listeners[number] = nil }
        }
    }

    /// Tells what was measured; called about once a second.
    func tick(now: ContinuousClock.Instant) {
        if core.lostPackets > toldLost {
            tell(.dropped(packets: core.lostPackets - toldLost))
            toldLost = core.lostPackets
        }
        guard publisher != nil else { return }
        if !isStalled, silence(now: now) > Self.stallTime {
            isStalled = true
            tell(.stalled)
        }
        if let measure = meter.measure(now: now) { tell(.measured(measure)) }
    }

    private func tell(_ event: IngestEvent) {
        for listener in listeners.values { listener.yield(event) }
    }

    private func warn(_ warning: IngestWarning) {
        logger.notice("publisher's stream has a flaw", metadata: ["flaw": "\(warning)"])
        tell(.warning(warning))
    }
}

// The publisher's side.
extension SessionRelay {
    /// How long no media came.
    func silence(now: ContinuousClock.Instant) -> Duration { now - latestMedia }

    /// Takes a publisher.
    func publisherCame(_ publisher: PublisherHandler, request: PublishRequest, now: ContinuousClock.Instant) {
        self.publisher = publisher
        latestMedia = now
        latestSample = nil
        toldFacts = nil
        isStalled = false
        clock.beginConnection()
        meter = StreamMeter()
        _ = meter.measure(now: now)
        logger.info("publisher came", metadata: ["address": "\(publisher.address)"])
        let who = IngestEvent.Publisher(address: publisher.address, encoder: request.encoder, earlier: earlier)
        earlier += 1
        tell(.connected(who))
    }

    /// Notes that the publisher is gone.
    func publisherLeft(_ departure: IngestEvent.Departure) {
        publisher = nil
        logger.info("publisher left", metadata: ["reason": "\(departure)"])
        tell(.gone(departure))
    }

    /// Takes what the publisher says of its stream.
    func describe(_ metadata: AMF0Value) {
        core.take(metadata)
        // GStreamer repeats its description twice a second.
        let facts = StreamFacts(metadata)
        guard facts != toldFacts else { return }
        toldFacts = facts
        tell(.described(facts))
    }

    /// Takes a sound or picture message.
    func take(isVideo: Bool, timestamp: UInt32, body: ByteBuffer, now: ContinuousClock.Instant) {
        let unit: MediaUnit?
        do {
            unit = isVideo ? try VideoTag.unit(in: body) : try AudioTag.unit(in: body)
        } catch {
            return note(error)
        }
        latestMedia = now
        if isStalled {
            isStalled = false
            tell(.resumed)
        }
        guard let unit else { return }
        switch unit.content {
        case .end: return
        case .configuration:
            // An empty one is what some encoders send when they stop.
            guard unit.data.readableBytes > 0 || !unit.codec.needsConfiguration else { return }
            perform(core.take(TrackSet.Track(codec: unit.codec, configuration: copy(unit.data))))
        case .frame(let frame):
            let time = clock.time(of: timestamp, isVideo: isVideo, now: now)
            let packet = MediaPacket(
                unit.codec,
                time: time,
                frame: frame,
                data: unit.data,
                legacyFlags: unit.legacyFlags
            )
            perform(core.take(packet))
            for warning in meter.take(packet) { warn(warning) }
            sample(time, now: now)
        }
        tellTracks()
        if clock.leaps > leaps {
            leaps = clock.leaps
            if let warning = meter.note(.timestampLeap) { warn(warning) }
        }
    }

    /// Bytes of their own: a slice would hold the whole read buffer for as long as the session lasts.
    private func copy(_ bytes: ByteBuffer) -> ByteBuffer {
        ByteBuffer(bytes: bytes.readableBytesView)
    }

    private func note(_ fault: TagFault) {
        let warning: IngestWarning =
            if case .codec(let name) = fault { .unsupportedCodec(name) } else { .damagedMessages }
        if let warning = meter.note(warning) { warn(warning) }
    }

    private func sample(_ time: Int64, now: ContinuousClock.Instant) {
        if let latestSample, now - latestSample < Self.sampleInterval { return }
        latestSample = now
        tell(.clock(IngestEvent.ClockSample(media: MediaTime(nanoseconds: time * 1_000_000), arrival: now)))
    }

    private func tellTracks() {
        guard core.isSettled, core.tracks != toldTracks else { return }
        toldTracks = core.tracks
        tell(.tracks(video: toldTracks.video?.codec, audio: toldTracks.audio?.codec))
    }
}

// The reader's side.
extension SessionRelay {
    /// Takes a reader, where there is none.
    func readerCame(_ channel: any Channel) {
        guard reader == nil else {
            logger.warning("refused a second reader")
            return channel.close(promise: nil)
        }
        reader = channel
        tell(.readerAttached)
        perform(core.readerCame())
    }

    /// Notes that a reader is gone.
    func readerLeft(_ channel: any Channel) {
        guard reader === channel else { return }
        reader = nil
        core.readerLeft(hadEverything: false)
        tell(.readerDetached(.left))
    }

    private func perform(_ actions: [RelayCore.Action]) {
        guard let reader, !actions.isEmpty else { return }
        for action in actions {
            switch action {
            case .write(let bytes): reader.write(bytes, promise: nil)
            case .finish: return finish(reader)
            }
        }
        reader.flush()
        // What was kept is written at once when a reader comes, so it may be behind by that.
        let behind = (try? reader.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if behind > limits.backlog + limits.bytes { drop(reader, behind: behind) }
    }

    private func finish(_ channel: any Channel) {
        let bound = NIOLoopBound(self, eventLoop: loop)
        channel.writeAndFlush(ByteBuffer()).whenSuccess {
            let relay = bound.value
            guard relay.reader === channel else { return }
            relay.reader = nil
            relay.core.readerLeft(hadEverything: true)
            relay.tell(.readerDetached(.epochEnded))
            channel.close(promise: nil)
        }
    }

    private func drop(_ channel: any Channel, behind: Int) {
        logger.warning("dropped a reader that is too far behind", metadata: ["bytes": "\(behind)"])
        reader = nil
        core.readerLeft(hadEverything: false)
        tell(.readerDetached(.lagging))
        channel.close(promise: nil)
    }
}
