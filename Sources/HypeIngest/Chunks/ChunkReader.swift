package import NIOCore

/// Puts messages together from the chunks that a peer sends (specification 1.0, section 5.3).
///
/// Any number of messages may be under way at once, one on each chunk stream, within ``Limits``. Changes of the chunk
/// size and aborted messages are dealt with here and not handed out.
package struct ChunkReader: Sendable {
    /// What a peer may ask for.
    package struct Limits: Hashable, Sendable {
        /// Bytes of one message; a key frame of 100 Mbit/s video stays below the default of 8 MiB.
        package var messageBytes: Int
        /// Bytes of all messages that are under way.
        package var unfinishedBytes: Int
        /// Chunk streams ever used on a connection; encoders use about five.
        package var chunkStreams: Int

        /// Creates limits.
        package init(messageBytes: Int = 8 << 20, unfinishedBytes: Int = 12 << 20, chunkStreams: Int = 32) {
            self.messageBytes = messageBytes
            self.unfinishedBytes = unfinishedBytes
            self.chunkStreams = chunkStreams
        }
    }

    /// What is remembered of a chunk stream's last header.
    private struct Header {
        var timestamp: UInt32 = 0
        var delta: UInt32 = 0
        var length = 0
        var type: UInt8 = 0
        var streamID: UInt32 = 0
        var isExtended = false
    }

    /// One chunk, up to where its payload begins.
    private struct Chunk {
        var stream: UInt32
        var header: Header
        var beginsMessage: Bool
    }

    private let limits: Limits
    private var inbox = ByteBuffer()
    private var headers: [UInt32: Header] = [:]
    /// What came of the message that is under way on a chunk stream.
    private var parts: [UInt32: ByteBuffer] = [:]
    private var unfinishedBytes = 0
    /// Bytes of payload that the peer puts into a chunk at most.
    package private(set) var chunkSize = 128

    /// Creates a reader at the beginning of a connection, behind the handshake.
    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Bytes that are held: those not understood yet and those of messages under way.
    package var heldBytes: Int { inbox.readableBytes + unfinishedBytes }

    /// Takes received bytes in; ask for ``next()`` until there is nothing before giving more.
    package mutating func append(_ bytes: ByteBuffer) {
        if inbox.readableBytes == 0 {
            inbox = bytes
        } else {
            inbox.discardReadBytes()
            inbox.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole message.
    ///
    /// - Returns: Nil where more bytes are needed.
    /// - Throws: When the peer breaks the format or a limit; nothing can be read after that.
    package mutating func next() throws(RTMPFault) -> RTMPMessage? {
        while true {
            let start = inbox.readerIndex
            guard let chunk = try readHeader(), try takePayload(of: chunk) else {
                inbox.moveReaderIndex(to: start)
                return nil
            }
            guard let message = finished(chunk) else { continue }
            switch message.type {
            case RTMPMessage.Kind.setChunkSize: try changeChunkSize(message)
            case RTMPMessage.Kind.abort: try abort(message)
            default: return message
            }
        }
    }

    private mutating func readHeader() throws(RTMPFault) -> Chunk? {
        guard let first = inbox.readInteger(as: UInt8.self), let stream = readChunkStream(first & 0x3f) else {
            return nil
        }
        let known = headers[stream]
        let format = first >> 6
        guard var header = known ?? (format == 0 ? Header() : nil) else { throw .headerMissing(chunkStream: stream) }
        guard known != nil || headers.count < limits.chunkStreams else {
            throw .chunkStreams(limit: limits.chunkStreams)
        }
        if format == 3 {
            let beginsMessage = parts[stream] == nil
            guard try readRepeated(&header, beginsMessage: beginsMessage) else { return nil }
            return Chunk(stream: stream, header: header, beginsMessage: beginsMessage)
        }
        guard let time = readFields(format, of: &header) else { return nil }
        guard header.length <= limits.messageBytes else {
            throw .messageSize(header.length, limit: limits.messageBytes)
        }
        header.delta = time
        header.isExtended = time == 0xff_ffff
        if header.isExtended {
            guard let extended = inbox.readInteger(as: UInt32.self) else { return nil }
            header.delta = extended
        }
        header.timestamp = format == 0 ? header.delta : header.timestamp &+ header.delta
        // A new header in the middle of a message means that its rest will not come.
        return Chunk(stream: stream, header: header, beginsMessage: true)
    }

    private mutating func readChunkStream(_ number: UInt8) -> UInt32? {
        switch number {
        case 0: inbox.readInteger(as: UInt8.self).map { UInt32($0) + 64 }
        case 1: inbox.readInteger(endianness: .little, as: UInt16.self).map { UInt32($0) + 64 }
        default: UInt32(number)
        }
    }

    /// Reads the fields that a header has beyond its predecessor's.
    ///
    /// - Returns: The time field.
    private mutating func readFields(_ format: UInt8, of header: inout Header) -> UInt32? {
        guard let time = inbox.readUInt24() else { return nil }
        guard format < 2 else { return time }
        guard let length = inbox.readUInt24(), let type = inbox.readInteger(as: UInt8.self) else { return nil }
        (header.length, header.type) = (Int(length), type)
        guard format == 0 else { return time }
        guard let streamID = inbox.readInteger(endianness: .little, as: UInt32.self) else { return nil }
        header.streamID = streamID
        return time
    }

    /// Reads what stands before the payload of a chunk that repeats its predecessor's header.
    private mutating func readRepeated(_ header: inout Header, beginsMessage: Bool) throws(RTMPFault) -> Bool {
        if header.isExtended {
            guard let value = inbox.getInteger(at: inbox.readerIndex, as: UInt32.self) else { return false }
            // Encoders are known that leave the field out of continuations; the same four bytes do not come by chance.
            if beginsMessage || value == header.delta { inbox.moveReaderIndex(forwardBy: 4) }
            if beginsMessage { header.delta = value }
        }
        if beginsMessage { header.timestamp &+= header.delta }
        return true
    }

    private mutating func takePayload(of chunk: Chunk) throws(RTMPFault) -> Bool {
        let there = chunk.beginsMessage ? 0 : parts[chunk.stream]?.readableBytes ?? 0
        let wanted = min(chunkSize, chunk.header.length - there)
        guard var payload = inbox.readSlice(length: wanted) else { return false }
        if chunk.beginsMessage { drop(chunk.stream) }
        guard unfinishedBytes + wanted <= limits.unfinishedBytes else {
            throw .unfinishedBytes(limit: limits.unfinishedBytes)
        }
        unfinishedBytes += wanted
        headers[chunk.stream] = chunk.header
        if !chunk.beginsMessage {
            parts[chunk.stream]?.writeBuffer(&payload)
        } else if wanted == chunk.header.length {
            parts[chunk.stream] = payload
        } else {
            var part = ByteBuffer()
            part.reserveCapacity(min(chunk.header.length, wanted * 4))
            part.writeBuffer(&payload)
            parts[chunk.stream] = part
        }
        return true
    }

    private mutating func finished(_ chunk: Chunk) -> RTMPMessage? {
        guard let part = parts[chunk.stream], part.readableBytes >= chunk.header.length else { return nil }
        drop(chunk.stream)
        return RTMPMessage(
            type: chunk.header.type,
            streamID: chunk.header.streamID,
            timestamp: chunk.header.timestamp,
            payload: part
        )
    }

    private mutating func drop(_ stream: UInt32) {
        unfinishedBytes -= parts.removeValue(forKey: stream)?.readableBytes ?? 0
    }

    private mutating func changeChunkSize(_ message: RTMPMessage) throws(RTMPFault) {
        var payload = message.payload
        guard let size = payload.readInteger(as: UInt32.self) else { throw .controlMessage(type: message.type) }
        // The first bit has to be zero, and no message is longer than 0xffffff.
        guard size > 0, size <= 0x7fff_ffff else { throw .chunkSize(size) }
        chunkSize = Int(min(size, 0xff_ffff))
    }

    private mutating func abort(_ message: RTMPMessage) throws(RTMPFault) {
        var payload = message.payload
        guard let chunkStream = payload.readInteger(as: UInt32.self) else { throw .controlMessage(type: message.type) }
        drop(chunkStream)
    }
}
