import NIOCore
import NIOPosix

/// A TCP client that sends exactly what a test wants, right or wrong.
final class RawClient {
    /// An answer, as far as tests look at it.
    struct Response: Equatable {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    /// What the peer did instead of what was expected.
    enum Fault: Error {
        case closed
        case notHTTP(String)
    }

    private final class Inbound: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Self.unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    let channel: any Channel
    var buffer = ByteBuffer()
    private var incoming: AsyncStream<ByteBuffer>.AsyncIterator

    private init(channel: any Channel, incoming: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = incoming.makeAsyncIterator()
    }

    /// Connects to a port of this machine; with `readsNothing`, nothing is ever taken from the socket.
    static func connect(port: Int, readsNothing: Bool = false) async throws -> RawClient {
        // Unbounded: a test reads all that it provokes.
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: !readsNothing)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Inbound(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawClient(channel: channel, incoming: stream)
    }

    func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    func close() async { try? await channel.close() }

    /// Waits for more bytes; false when the peer closed.
    func more() async -> Bool {
        guard var bytes = await incoming.next(isolation: #isolation) else { return false }
        buffer.writeBuffer(&bytes)
        return true
    }

    /// Waits until the peer closes and returns what it sent until then.
    func untilClosed() async -> String {
        while await more() {}
        return buffer.readString(length: buffer.readableBytes) ?? ""
    }

    /// Sends a request.
    func request(
        _ method: String = "GET",
        _ target: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try await send(text + "\r\n" + (body ?? ""))
    }

    /// Waits for the next answer.
    func response() async throws -> Response {
        while true {
            let text = String(buffer: buffer)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].split(separator: "\r\n")
                let words = lines[0].split(separator: " ")
                guard words.count > 1, let status = Int(words[1]) else { throw Fault.notHTTP(text) }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].drop { $0 == " " }.description : ""
                }
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                let rest = text.utf8.distance(from: end.upperBound, to: text.endIndex)
                if rest >= length {
                    buffer.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
                    return Response(status: status, headers: headers, body: buffer.readString(length: length) ?? "")
                }
            }
            guard await more() else { throw Fault.closed }
        }
    }

    /// Sends a request and waits for its answer.
    func fetch(
        _ method: String = "GET",
        _ target: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> Response {
        try await request(method, target, headers: headers, body: body)
        return try await response()
    }
}
