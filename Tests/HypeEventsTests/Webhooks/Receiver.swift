import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A receiver of webhooks on this machine that behaves as well or as badly as a test wants.
final class Receiver: Sendable {
    /// What it does with a request.
    enum Reaction: Sendable {
        case status(Int, headers: [(String, String)] = [])
        /// Says nothing and keeps the connection.
        case hang
        /// Closes the connection without a word.
        case hangUp
        /// Sends a status and then bytes without end.
        case endless
        /// Sends a status and then nothing more.
        case halfAnswer
        /// Sends what is no HTTP.
        case garbage
    }

    /// What arrived.
    struct Arrival: Sendable {
        var uri: String
        var headers: [String: String]
        var body: Data
    }

    /// Requests in the order in which they arrived.
    let arrivals: AsyncStream<Arrival>
    let port: Int
    private let channel: any Channel
    private let writer: AsyncStream<Arrival>.Continuation

    /// Begins to listen on a free port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - tls: Certificate and key for https; nil for http.
    ///   - react: What to do with a request.
    /// - Throws: What binding throws.
    init(tls: NIOSSLContext? = nil, react: @escaping @Sendable (Arrival) -> Reaction) async throws {
        let (arrivals, writer) = AsyncStream.makeStream(of: Arrival.self)
        self.arrivals = arrivals
        self.writer = writer
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(Answerer(react: react, writer: writer))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws {
        try await channel.close()
        writer.finish()
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let react: @Sendable (Arrival) -> Reaction
        private let writer: AsyncStream<Arrival>.Continuation
        private var arrival = Arrival(uri: "", headers: [:], body: Data())

        init(react: @escaping @Sendable (Arrival) -> Reaction, writer: AsyncStream<Arrival>.Continuation) {
            self.react = react
            self.writer = writer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let headers = head.headers.map { ($0.name, $0.value) }
                arrival = Arrival(uri: head.uri, headers: Dictionary(headers) { $1 }, body: Data())
            case .body(let bytes): arrival.body += Data(bytes.readableBytesView)
            case .end:
                writer.yield(arrival)
                answer(react(arrival), context)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func answer(_ reaction: Reaction, _ context: ChannelHandlerContext) {
            switch reaction {
            case .status(let status, let headers):
                head(status, headers + [("Content-Length", "2")], context)
                write("ok", context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .hang: break
            case .hangUp: context.close(promise: nil)
            case .endless:
                head(200, [], context)
                pour(context.loopBound)
            case .halfAnswer:
                head(200, [("Content-Length", "100")], context)
                write("half", context)
                context.flush()
            case .garbage:
                // Past the encoder.
                let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
                encoder?.writeAndFlush(NIOAny(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2\r\n")), promise: nil)
            }
        }

        private func head(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
            let status = HTTPResponseStatus(statusCode: status)
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }

        /// Writes 4 KiB each time the last 4 KiB have left, until the other side hangs up.
        private func pour(_ context: NIOLoopBound<ChannelHandlerContext>) {
            let bytes = ByteBuffer(repeating: 0x20, count: 4096)
            context.value.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))))
                .assumeIsolated()
                .whenSuccess { self.pour(context) }
        }
    }
}
