package import NIOCore

/// Cuts messages into chunks, each message with a full header (specification 1.0, section 5.3.1.2.1).
///
/// What this side says is a handful of answers, so shorter headers would save nothing.
package struct ChunkWriter: Sendable {
    /// Bytes of payload in a chunk; changed by the message that announces it, from that message on.
    package private(set) var chunkSize = 128

    /// Creates a writer at the beginning of a connection.
    package init() {}

    /// Writes a message.
    ///
    /// - Parameters:
    ///   - message: The message; a change of the chunk size is in force right behind it.
    ///   - chunkStream: The chunk stream, 2…63.
    ///   - output: Where the chunks are appended.
    package mutating func write(_ message: RTMPMessage, on chunkStream: UInt8, to output: inout ByteBuffer) {
        let isExtended = message.timestamp >= 0xff_ffff
        output.writeInteger(chunkStream & 0x3f)
        output.writeUInt24(isExtended ? 0xff_ffff : message.timestamp)
        output.writeUInt24(UInt32(truncatingIfNeeded: message.payload.readableBytes))
        output.writeInteger(message.type)
        output.writeInteger(message.streamID, endianness: .little)
        if isExtended { output.writeInteger(message.timestamp) }
        var payload = message.payload
        while let chunk = payload.readSlice(length: min(chunkSize, payload.readableBytes)) {
            output.writeImmutableBuffer(chunk)
            guard payload.readableBytes > 0 else { break }
            output.writeInteger(0xc0 | chunkStream & 0x3f)
            if isExtended { output.writeInteger(message.timestamp) }
        }
        if message.type == RTMPMessage.Kind.setChunkSize,
            let size = message.payload.getInteger(at: message.payload.readerIndex, as: UInt32.self)
        {
            chunkSize = max(1, Int(size))
        }
    }
}
