package import NIOCore

/// The server's side of RTMP's handshake (specification 1.0, section 5.2).
///
/// Only the plain form is spoken. The digest that the Flash Player wants is for players and for `rtmpe`; FFmpeg 5.1, OBS
/// 29.0, GStreamer 1.22 and librtmp publish without it (tried, see decision 0011). The second four bytes are zero here,
/// where servers with a digest name their version.
package struct Handshake: Sendable {
    /// Bytes of C1, C2, S1 and S2 each.
    package static let blockSize = 1536
    /// The only version there is in the clear.
    package static let version: UInt8 = 3

    private enum State { case awaitingGreeting, awaitingEcho, done }

    private var state = State.awaitingGreeting
    private let noise: ByteBuffer

    /// Creates the server's side.
    ///
    /// - Parameter generator: Fills the 1,528 bytes that the client has to echo.
    package init(using generator: inout some RandomNumberGenerator) {
        var noise = ByteBuffer()
        for _ in 0..<(Self.blockSize - 8) / 8 { noise.writeInteger(generator.next()) }
        self.noise = noise
    }

    /// Whether chunks follow from here on.
    package var isDone: Bool { state == .done }

    /// Takes what is complete out of the received bytes.
    ///
    /// The echo of the client is not compared: it proves nothing that the TCP connection does not, and publishers are
    /// known that send something else.
    ///
    /// - Parameter inbox: Received bytes; those of the handshake are consumed, others stay.
    /// - Returns: What is to be sent: S0, S1 and S2 in one go, once.
    /// - Throws: ``RTMPFault/version(_:)``.
    package mutating func advance(_ inbox: inout ByteBuffer) throws(RTMPFault) -> ByteBuffer? {
        var answer: ByteBuffer?
        if state == .awaitingGreeting {
            guard let version = inbox.getInteger(at: inbox.readerIndex, as: UInt8.self) else { return nil }
            guard version == Self.version else { throw .version(version) }
            guard inbox.readableBytes > Self.blockSize else { return nil }
            inbox.moveReaderIndex(forwardBy: 1)
            guard var greeting = inbox.readSlice(length: Self.blockSize) else { return nil }
            answer = reply(to: &greeting)
            state = .awaitingEcho
        }
        if state == .awaitingEcho, inbox.readSlice(length: Self.blockSize) != nil { state = .done }
        return answer
    }

    private func reply(to greeting: inout ByteBuffer) -> ByteBuffer {
        var reply = ByteBuffer()
        reply.reserveCapacity(1 + 2 * Self.blockSize)
        reply.writeInteger(Self.version)
        reply.writeInteger(UInt64(0))
        reply.writeImmutableBuffer(noise)
        reply.writeBuffer(&greeting)
        return reply
    }
}
