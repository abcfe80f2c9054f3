import NIOCore
import NIOPosix

/// A reader of a session's socket that takes FLV apart.
final class TestReader {
    /// One tag: 8 sound, 9 picture, 18 metadata.
    struct Tag: Hashable, Sendable {
        var type: UInt8
        var time: UInt32
        var body: ByteBuffer

        /// Whether it is a decoder's configuration.
        var isConfiguration: Bool { type != 18 && body.getInteger(at: 1, as: UInt8.self) == 0 }
    }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var inbox = ByteBuffer()
    private var hasHeader = false

    private init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
    }

    /// Connects and runs the body; leaves at its end as a killed worker would.
    static func with<Result: Sendable>(
        _ path: String,
        _ body: (TestReader) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, _ in try await body(TestReader(inbound)) }
    }

    /// The next tag; nil at the end.
    func next() async throws -> Tag? {
        while true {
            if !hasHeader, inbox.readableBytes >= 13 {
                inbox.moveReaderIndex(forwardBy: 13)
                hasHeader = true
            }
            if hasHeader, let tag = take() { return tag }
            guard let bytes = try await inbound.next(isolation: #isolation) else { return nil }
            inbox.writeImmutableBuffer(bytes)
        }
    }

    /// The next sound or picture that is no configuration.
    func frame() async throws -> Tag? {
        while let tag = try await next() {
            if tag.type != 18, !tag.isConfiguration { return tag }
        }
        return nil
    }

    /// So many frames, fewer at the end.
    func frames(_ count: Int) async throws -> [Tag] {
        var frames: [Tag] = []
        while frames.count < count, let frame = try await frame() { frames.append(frame) }
        return frames
    }

    private func take() -> Tag? {
        guard let head = inbox.getInteger(at: inbox.readerIndex, as: UInt32.self) else { return nil }
        let size = Int(head & 0xff_ffff)
        guard inbox.readableBytes >= size + 15, var tag = inbox.readSlice(length: size + 15),
            let coded = tag.getInteger(at: 4, as: UInt32.self)
        else { return nil }
        tag.moveReaderIndex(forwardBy: 11)
        tag.moveWriterIndex(to: tag.writerIndex - 4)
        let body = ByteBuffer(bytes: tag.readableBytesView)
        return Tag(type: UInt8(head >> 24), time: coded >> 8 | coded << 24, body: body)
    }
}
