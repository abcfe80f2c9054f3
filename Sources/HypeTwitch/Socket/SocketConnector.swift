import HypeChat
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// Makes connections to chat services and reads them until they end.
///
/// What is read waits for its reader: a slow one makes the server wait, within a few messages.
struct SocketConnector: Sendable {
    /// Longest message in bytes, also of one that comes in several frames.
    static let longestMessage = 256 * 1024
    /// Most frames of one message.
    static let mostFragments = 256

    private let group: any EventLoopGroup
    private let limit: TimeAmount
    private let trust = LazyTrust()

    /// Creates a connector.
    ///
    /// - Parameters:
    ///   - group: Where connections are looked after.
    ///   - limit: How long a connection may take until both sides speak the same protocol.
    init(group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup, limit: Duration) {
        self.group = group
        self.limit = TimeAmount(limit)
    }

    /// Connects and reads until the connection ends.
    ///
    /// - Parameters:
    ///   - address: Whom to connect to.
    ///   - handle: Closes the connection; cancelling the task does so too.
    ///   - opened: Is called when both sides speak the same protocol.
    ///   - received: Is given each message, or each piece of a bare connection.
    /// - Returns: How it ended.
    func run(
        _ address: ServiceAddress,
        handle: SocketHandle,
        opened: (ChatSocket) -> Void,
        received: (ByteBuffer) -> Void
    ) async -> SocketEnd {
        await withTaskCancellationHandler {
            do {
                switch address.language {
                case .webSocket(let target):
                    return try await webSocket(address, target, handle, opened, received)
                case .lines:
                    return try await lines(address, handle, opened, received)
                }
            } catch {
                return .failed(Self.words(for: error))
            }
        } onCancel: {
            handle.close()
        }
    }

    // MARK: WebSocket

    private typealias FrameChannel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    private func webSocket(
        _ address: ServiceAddress,
        _ target: String,
        _ handle: SocketHandle,
        _ opened: (ChatSocket) -> Void,
        _ received: (ByteBuffer) -> Void
    ) async throws -> SocketEnd {
        let context = address.isSecure ? try trust.context() : nil
        let upgrade = try await ClientBootstrap(group: group).connectTimeout(limit)
            .connect(host: address.host, port: address.port) { [limit] channel in
                handle.adopt(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try Self.addTLS(context, address, to: pipeline)
                    let result = try pipeline.configureUpgradableHTTPClientPipeline(
                        configuration: Self.upgrade(address, target)
                    )
                    let alarm = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
                    result.whenComplete { _ in alarm.cancel() }
                    return result
                }
            }
        guard let channel = try await upgrade.get() else { return .failed("the server refused the WebSocket") }
        let socket = ChatSocket(channel: channel.channel, isWebSocket: true)
        return try await channel.executeThenClose { inbound, _ in
            handle.adopt(socket)
            opened(socket)
            for try await frame in inbound {
                switch frame.opcode {
                case .text, .binary: received(frame.unmaskedData)
                case .ping: socket.pong(frame.unmaskedData)
                case .connectionClose:
                    var data = frame.unmaskedData
                    let code = data.readInteger(as: UInt16.self).map(Int.init) ?? 1005
                    socket.farewell(code: code == 1005 ? .normalClosure : WebSocketErrorCode(codeNumber: code))
                    return .closed(code: code)
                default: continue
                }
            }
            return .ended
        }
    }

    private static func upgrade(
        _ address: ServiceAddress,
        _ target: String
    ) -> NIOUpgradableHTTPClientPipelineConfiguration<FrameChannel?> {
        let upgrader = NIOTypedWebSocketClientUpgrader<FrameChannel?>(
            maxFrameSize: longestMessage,
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 1,
                            maxAccumulatedFrameCount: mostFragments,
                            maxAccumulatedFrameSize: longestMessage
                        )
                    )
                    return try FrameChannel(wrappingChannelSynchronously: channel)
                }
            }
        )
        let headers: HTTPHeaders = ["Host": address.hostHeader, "Content-Length": "0", "User-Agent": "Hypeclip"]
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: headers),
                upgraders: [upgrader],
                notUpgradingCompletionHandler: { channel in
                    channel.close(promise: nil)
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
            )
        )
        // The first frame often comes in the same segment as the answer to the upgrade.
        configuration.leftOverBytesStrategy = .forwardBytes
        return configuration
    }

    // MARK: Bare connections

    private func lines(
        _ address: ServiceAddress,
        _ handle: SocketHandle,
        _ opened: (ChatSocket) -> Void,
        _ received: (ByteBuffer) -> Void
    ) async throws -> SocketEnd {
        let context = address.isSecure ? try trust.context() : nil
        let channel = try await ClientBootstrap(group: group).connectTimeout(limit)
            .connect(host: address.host, port: address.port) { channel in
                handle.adopt(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try Self.addTLS(context, address, to: channel.pipeline.syncOperations)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, _ in
            opened(ChatSocket(channel: channel.channel, isWebSocket: false))
            for try await bytes in inbound { received(bytes) }
            return .ended
        }
    }

    // MARK: TLS

    private static func addTLS(
        _ context: NIOSSLContext?,
        _ address: ServiceAddress,
        to pipeline: ChannelPipeline.SynchronousOperations
    ) throws {
        guard let context else { return }
        // An address has no name to ask for.
        let name = (try? SocketAddress(ipAddress: address.host, port: 0)) == nil ? address.host : nil
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
    }

    /// Reads the certificate authorities when the first encrypted connection needs them.
    private final class LazyTrust: Sendable {
        private let made = Mutex<NIOSSLContext?>(nil)

        func context() throws -> NIOSSLContext {
            try made.withLock { made in
                if let made { return made }
                let context = try NIOSSLContext(configuration: .makeClientConfiguration())
                made = context
                return context
            }
        }
    }

    /// What an error of the network means, without the names of our own types.
    private static func words(for error: any Error) -> String {
        switch error {
        case is CancellationError: "stopped"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { "no connection to \(error.host): \(words(for: $0.error))" }
                ?? error.dnsAAAAError.map { "the name \(error.host) is not known: \(words(for: $0))" }
                ?? "no connection to \(error.host)"
        case let error as IOError: error.description
        case is ChannelError: "the connection ended before it could be used"
        case is NIOSSLError, is BoringSSLError: "TLS failed: \(error)"
        case let error as SocketAddressError.UnknownHost: "the name \(error.host) is not known"
        case is SocketAddressError: "the address is not known"
        default: "\(error)"
        }
    }
}
