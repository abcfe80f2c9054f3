public import NIOCore
public import NIOHTTP1

/// A Socket.IO v5 server (Engine.IO v4) for whatever accepts HTTP/1 connections.
///
/// ```swift
/// let server = SocketIOServer()
/// server.namespace("/").onConnection { socket in
///     socket.join("lobby")
///     socket.on("message") { arguments, ack in
///         socket.to("lobby").emit("message", values: arguments)
///         ack("delivered")
///     }
/// }
/// let listener = try await SocketIOHTTPServer.start(server, host: "127.0.0.1", port: 3000)
/// ```
///
/// With a web framework, build each connection's pipeline with
/// ``configureHTTP1Pipeline(of:removedOnUpgrade:idleTimeout:decoderLimits:)`` and put the framework's handlers behind.
public final class SocketIOServer: Sendable {
    private let core: SocketCore
    private let engine: EngineServer

    /// Creates a server; it has no namespace yet, not even `/`.
    ///
    /// - Parameter configuration: How it behaves. Values out of their ranges are a programmer's error and end the process.
    public init(configuration: SocketIOConfiguration = SocketIOConfiguration()) {
        configuration.checkRanges()
        let core = SocketCore(configuration: configuration)
        self.core = core
        engine = EngineServer(configuration: configuration.engine) { SocketLoop(core: core, loop: $0) }
    }

    /// A namespace, made when it is asked for first.
    ///
    /// Clients can join only namespaces that were made.
    ///
    /// - Parameter name: The name; a slash is put before it where missing.
    /// - Returns: The namespace.
    public func namespace(_ name: String) -> SocketIONamespace {
        core.namespace(name.hasPrefix("/") ? name : "/" + name)
    }

    /// What was counted so far.
    public var statistics: SocketIOStatistics {
        let counters = engine.counters
        return SocketIOStatistics(
            clients: counters.clients.current,
            webSockets: counters.webSockets.current,
            receivedPackets: counters.received.current,
            sentMessages: counters.sent.current,
            skippedVolatile: counters.skipped.current,
            droppedEmits: core.droppedEmits.current,
            slowClients: counters.slowClients.current,
            droppedBytes: counters.droppedBytes.current,
            refusedRequests: counters.refused.current
        )
    }

    /// Disconnects everyone (WebSockets with code 1001) and refuses new sessions from now on.
    ///
    /// It returns when every WebSocket is closed, which takes about a second at most. Connections without a request are
    /// the listener's to close.
    public func shutdown() async {
        await engine.shutdown()
        core.removePorts()
    }

    /// Puts the HTTP/1 codec and the gate into a new connection's empty pipeline.
    ///
    /// Put the host's handlers behind them.
    ///
    /// The gate answers what is under the path and passes every other request on as `HTTPServerRequestPart`.
    ///
    /// - Parameters:
    /// - channel: The connection; to be called on its event loop. TLS handlers may be there already.
    /// - removedOnUpgrade: The host's handlers, by type, that must not act on a WebSocket: those that close idle
    /// connections. All others may stay; they hear of nothing but the end of the connection.
    /// - idleTimeout: How long the connection may stay without a request; nil for ever. A waiting poll is a request, of
    /// which only the gate knows, so the host's own idle timeout must be off.
    /// - decoderLimits: Limits of the headers.
    /// - Throws: When the pipeline is closed.
    public func configureHTTP1Pipeline(
        of channel: any Channel,
        removedOnUpgrade: [any RemovableChannelHandler.Type] = [],
        idleTimeout: TimeAmount? = .seconds(60),
        decoderLimits: NIOHTTPDecoderLimitConfiguration = .init()
    ) throws {
        let options = GateOptions(
            decoderLimits: decoderLimits,
            removedOnUpgrade: removedOnUpgrade,
            idleTimeout: idleTimeout
        )
        try engine.configurePipeline(of: channel, options: options)
    }
}
