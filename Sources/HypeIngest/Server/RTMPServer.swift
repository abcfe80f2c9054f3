package import Logging
package import NIOCore
internal import NIOPosix

/// Takes streams by RTMP from OBS, FFmpeg and others and hands each to the worker of its session.
///
/// A session is prepared with ``relay(for:)``, which gives the path of a unix domain socket; a publisher whose key
/// belongs to the session may then send, and whoever connects to the socket reads the stream as FLV or Matroska.
/// Everything happens on one event loop; nothing a reader does holds a publisher up.
///
/// To the reader: the stream begins with a header and the last groups of pictures, in session time. Its end means
/// “connect again”: the tracks changed, or it read too slowly. When the session is closed the socket is gone.
package final class RTMPServer: Sendable {
    private let settings: IngestSettings
    private let keys: any StreamKeys
    private let logger: Logger
    private let loop: any EventLoop
    private let hub: NIOLoopBoundBox<IngestHub?>
    private let questions: AsyncStream<KeyQuestion>
    private let asking: AsyncStream<KeyQuestion>.Continuation
    private let listening: EventLoopPromise<Int>

    /// Creates a server; it listens once ``run()`` is called.
    ///
    /// - Parameters:
    ///   - settings: How publishers are taken.
    ///   - keys: Who knows the keys.
    ///   - logger: For what happens; never told a key.
    ///   - group: One of its event loops is used.
    package init(
        settings: IngestSettings,
        keys: any StreamKeys,
        logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.settings = settings
        self.keys = keys
        self.logger = logger
        loop = group.next()
        hub = .makeEmptyBox(eventLoop: loop)
        // A question is a publisher that waits; what does not fit is refused at once.
        (questions, asking) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(settings.connections))
        listening = loop.makePromise()
    }

    deinit {
        listening.fail(IngestFailure(.stopping, "The ingest was never started."))
    }

    /// Listens and serves until the task is cancelled; then tells publishers and readers that it is over.
    ///
    /// To be called once.
    ///
    /// - Throws: ``IngestFailure`` where the folder or the port cannot be had.
    package func run() async throws {
        do {
            try SocketFolder.prepare(settings.socketFolder)
            listening.succeed(try await onLoop { try $0.listen() }.get())
        } catch {
            listening.fail(error)
            await stop()
            throw error
        }
        let keys = keys
        // At most one question per connection; the group ends with the questions, when the task is cancelled.
        await withDiscardingTaskGroup { group in
            for await question in questions {
                group.addTask {
                    question.reply(await keys.session(app: question.request.app, key: question.request.key))
                }
            }
        }
        await stop()
    }

    /// The port that publishers connect to, once there is one.
    ///
    /// - Throws: What ``run()`` failed with.
    package func port() async throws -> Int {
        try await listening.futureResult.get()
    }

    /// Prepares a session for a publisher and a reader; asked again, it gives the same path.
    ///
    /// - Parameters:
    ///   - session: The session's identifier.
    ///   - start: When session time 0 was; nil for the arrival of the first media.
    /// - Returns: Path of the unix domain socket to read from.
    /// - Throws: ``IngestFailure`` where the socket cannot be made.
    package func relay(for session: String, start: ContinuousClock.Instant? = nil) async throws -> String {
        try SocketFolder.prepare(settings.socketFolder)
        return try await onLoop { try $0.relay(for: session, start: start) }.get()
    }

    /// What happens to a session's stream from now on.
    ///
    /// Several may listen. Each holds the newest 256 events, about 45 s; older ones that nobody took are dropped.
    ///
    /// - Parameter session: The session's identifier.
    /// - Returns: The events, up to the session's close; none for a session that was not prepared.
    package func events(for session: String) async -> AsyncStream<IngestEvent> {
        let (events, listener) = AsyncStream<IngestEvent>.makeStream(bufferingPolicy: .bufferingNewest(256))
        do {
            try await onLoop { hub in hub.loop.makeSucceededFuture(hub.addListener(listener, to: session)) }.get()
        } catch {
            listener.finish()
        }
        return events
    }

    /// Ends a session: its publisher is told, its reader gets what is left, its socket goes away.
    package func close(_ session: String) async {
        try? await onLoop { $0.close(session) }.get()
    }

    private func stop() async {
        asking.finish()
        try? await onLoop { $0.stop() }.get()
    }

    private func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (IngestHub) throws -> EventLoopFuture<Value>
    ) -> EventLoopFuture<Value> {
        loop.flatSubmit { [self] in
            let hub = hub.value ?? IngestHub(settings: settings, loop: loop, questions: asking, logger: logger)
            self.hub.value = hub
            do { return try body(hub) } catch { return loop.makeFailedFuture(error) }
        }
    }
}
