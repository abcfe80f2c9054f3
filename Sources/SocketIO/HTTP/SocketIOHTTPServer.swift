public import NIOCore
public import NIOPosix
internal import Synchronization

/// A listener for a ``SocketIOServer`` that needs no web framework: everything else than its path is not found.
public final class SocketIOHTTPServer: Sendable {
    /// The port that it listens on.
    public let port: Int
    private let listener: any Channel
    private let connections: Connections
    private let end: @Sendable () async -> Void

    /// The connections that are open.
    private final class Connections: Sendable {
        let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

        func add(_ channel: any Channel) {
            let key = ObjectIdentifier(channel)
            channels.withLock { $0[key] = channel }
            channel.closeFuture.whenComplete { [self] _ in channels.withLock { $0[key] = nil } }
        }
    }

    private init(listener: any Channel, connections: Connections, end: @escaping @Sendable () async -> Void) {
        self.listener = listener
        port = listener.localAddress?.port ?? 0
        self.connections = connections
        self.end = end
    }

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - host: The address to listen on.
    ///   - port: The port; 0 for any free one.
    ///   - group: The event loops.
    /// - Returns: The listener.
    /// - Throws: When the address cannot be had.
    public static func start(
        _ server: SocketIOServer,
        host: String = "127.0.0.1",
        port: Int = 0,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> SocketIOHTTPServer {
        try await start(host: host, port: port, group: group) {
            try server.configureHTTP1Pipeline(of: $0)
        } end: {
            await server.shutdown()
        }
    }

    /// Starts to listen for an Engine.IO server.
    package static func start(
        _ engine: EngineServer,
        host: String = "127.0.0.1",
        port: Int = 0,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> SocketIOHTTPServer {
        try await start(host: host, port: port, group: group) {
            try engine.configurePipeline(of: $0)
        } end: {
            await engine.shutdown()
        }
    }

    private static func start(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        configure: @escaping @Sendable (any Channel) throws -> Void,
        end: @escaping @Sendable () async -> Void
    ) async throws -> SocketIOHTTPServer {
        let connections = Connections()
        let listener = try await ServerBootstrap(group: group)
            // A thousand clients may connect at once; with the default of 256 they wait a second for their second try.
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try configure(channel)
                    try channel.pipeline.syncOperations.addHandler(NotFoundHandler())
                }
            }
            .bind(host: host, port: port)
            .get()
        return SocketIOHTTPServer(listener: listener, connections: connections, end: end)
    }

    /// Stops listening, disconnects all clients and returns when every connection is closed.
    public func shutdown() async {
        try? await listener.close()
        await end()
        let open = connections.channels.withLock { Array($0.values) }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        for channel in open { try? await channel.closeFuture.get() }
    }

    /// Returns when the listener is closed.
    public func wait() async throws {
        try await listener.closeFuture.get()
    }
}
