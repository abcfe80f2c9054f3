import HypeIngest
import NIOCore
import NIOPosix

/// A publisher that speaks just enough RTMP for tests.
final class TestPublisher {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var writer = ChunkWriter()
    private var reader = ChunkReader()

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects, shakes hands and runs the body; the connection breaks at its end without a word.
    static func with<Result: Sendable>(
        port: Int,
        _ body: (TestPublisher) async throws -> Result
    ) async throws -> Result {
        try await open(port: port) { publisher in
            try await publisher.outbound.write(ByteBuffer(bytes: [3] + [UInt8](repeating: 7, count: 1536)))
            var answer = ByteBuffer()
            while answer.readableBytes < 3073, let bytes = try await publisher.inbound.next(isolation: #isolation) {
                answer.writeImmutableBuffer(bytes)
            }
            try await publisher.outbound.write(ByteBuffer(bytes: [UInt8](repeating: 8, count: 1536)))
            return try await body(publisher)
        }
    }

    /// Connects and runs the body.
    static func open<Result: Sendable>(
        port: Int,
        _ body: (TestPublisher) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(TestPublisher(inbound, outbound))
        }
    }

    /// Sends any bytes.
    func send(_ bytes: ByteBuffer) async throws {
        try await outbound.write(bytes)
    }

    /// Sends a message.
    func send(_ message: RTMPMessage) async throws {
        var output = ByteBuffer()
        writer.write(message, on: message.type == RTMPMessage.Kind.audio ? 4 : 6, to: &output)
        try await outbound.write(output)
    }

    /// Connects to an application and asks to publish.
    ///
    /// - Returns: Code and description of the answer.
    func publish(_ key: String, metadata: AMF0Value? = nil) async throws -> (code: String, text: String) {
        let app = AMF0Value.object([.init("app", .string("live"))])
        try await send(CommandMessage("connect", transaction: 1, app).message())
        try await send(CommandMessage("createStream", transaction: 2, .null).message())
        try await send(CommandMessage("publish", transaction: 3, .null, .string(key), .string("live")).message())
        let status = try await command("onStatus").argument(0)
        let code = status?[name: "code"]?.text ?? ""
        if code == "NetStream.Publish.Start" {
            try await send(ControlMessage.setChunkSize(60_000).message)
            if let metadata {
                var payload = ByteBuffer()
                payload.writeAMF0(.string("@setDataFrame"), .string("onMetaData"), metadata)
                try await send(RTMPMessage(type: RTMPMessage.Kind.data, streamID: 1, payload: payload))
            }
        }
        return (code, status?[name: "description"]?.text ?? "")
    }

    /// The next command of a name that the server says.
    func command(_ name: String) async throws -> CommandMessage {
        while true {
            while let message = try reader.next() {
                if let command = try CommandMessage(message), command.name == name { return command }
            }
            guard let bytes = try await inbound.next(isolation: #isolation) else { throw TestServer.Gone() }
            reader.append(bytes)
        }
    }

    /// Waits until the server closes the connection.
    func drain() async throws {
        while let bytes = try await inbound.next(isolation: #isolation) { reader.append(bytes) }
    }

    /// Sends a picture in H.264's old form.
    func picture(_ timestamp: UInt32, isKey: Bool, size: Int = 200) async throws {
        var body = ByteBuffer(bytes: [isKey ? 0x17 : 0x27, 1, 0, 0, 0])
        body.writeImmutableBuffer(.pattern(size))
        try await send(RTMPMessage(type: RTMPMessage.Kind.video, streamID: 1, timestamp: timestamp, payload: body))
    }

    /// Sends sound in AAC's old form.
    func sound(_ timestamp: UInt32) async throws {
        let body = ByteBuffer(bytes: [0xaf, 1, 0x21, 0x10, 0x04])
        try await send(RTMPMessage(type: RTMPMessage.Kind.audio, streamID: 1, timestamp: timestamp, payload: body))
    }

    /// Sends the configurations of both.
    func configurations(video: String = "014d401fffe10004674d401f01000468ee3c80") async throws {
        let audio = bytes("af 00 1190")
        let video = ByteBuffer.joined([bytes("17 00 000000"), bytes(video)])
        try await send(RTMPMessage(type: RTMPMessage.Kind.audio, streamID: 1, payload: audio))
        try await send(RTMPMessage(type: RTMPMessage.Kind.video, streamID: 1, payload: video))
    }
}
