internal import NIOCore

/// What enhanced RTMP v2 writes alike for sound and picture: modifiers, multitrack and four-character codes.
struct EnhancedHeader {
    /// The packet types that both have.
    enum Packet {
        static let sequenceStart: UInt8 = 0
        static let codedFrames: UInt8 = 1
        static let sequenceEnd: UInt8 = 2
        /// Pictures only: frames without a composition time.
        static let codedFramesX: UInt8 = 3
        static let modifier: UInt8 = 7
    }

    /// The packet type behind all modifiers.
    let packet: UInt8
    /// The codec of the first track.
    let codec: MediaCodec
    /// The bytes of the first track.
    let body: ByteBuffer

    /// Reads a header.
    ///
    /// Of several tracks in one message the one with number 0 counts, the default by the specification; where there is
    /// none, the message is left out.
    ///
    /// - Parameters:
    ///   - first: The packet type in the tag's first byte.
    ///   - bytes: What stands behind the tag's first byte.
    ///   - isVideo: Whether it is a picture's.
    /// - Throws: ``TagFault``; ``TagFault/packetType(_:)`` with the multitrack type where track 0 is missing.
    init(packet first: UInt8, _ bytes: ByteBuffer, isVideo: Bool) throws(TagFault) {
        var bytes = bytes
        var packet = first
        while packet == Packet.modifier { packet = try Self.skipModifier(&bytes) }
        let multitrack: UInt8 = isVideo ? 6 : 5
        if packet == multitrack {
            guard let types = bytes.readInteger(as: UInt8.self) else { throw .truncated }
            packet = types & 0xf
            (codec, body) = try Self.trackZero(&bytes, kind: types >> 4, isVideo: isVideo)
        } else {
            codec = try Self.codec(&bytes, isVideo: isVideo)
            body = bytes
        }
        self.packet = packet
    }

    private static func skipModifier(_ bytes: inout ByteBuffer) throws(TagFault) -> UInt8 {
        guard let short = bytes.readInteger(as: UInt8.self) else { throw .truncated }
        var size = Int(short) + 1
        if size == 256 {
            guard let long = bytes.readInteger(as: UInt16.self) else { throw .truncated }
            size = Int(long) + 1
        }
        // Nanoseconds within the millisecond are of no use to containers that count milliseconds.
        guard bytes.readSlice(length: size) != nil, let types = bytes.readInteger(as: UInt8.self) else {
            throw .truncated
        }
        return types & 0xf
    }

    private static func trackZero(
        _ bytes: inout ByteBuffer,
        kind: UInt8,
        isVideo: Bool
    ) throws(TagFault) -> (MediaCodec, ByteBuffer) {
        guard kind <= 2 else { throw .packetType(kind) }
        let shared = kind == 2 ? nil : try code(&bytes)
        while true {
            let code = if let shared { shared } else { try code(&bytes) }
            guard let track = bytes.readInteger(as: UInt8.self) else { throw .truncated }
            var body = bytes
            if kind != 0 {
                guard let size = bytes.readUInt24(), let slice = bytes.readSlice(length: Int(size)) else {
                    throw .truncated
                }
                body = slice
            }
            if track == 0 { return (try codec(code, isVideo: isVideo), body) }
            guard kind != 0, bytes.readableBytes > 0 else { throw .packetType(kind) }
        }
    }

    private static func code(_ bytes: inout ByteBuffer) throws(TagFault) -> UInt32 {
        guard let code = bytes.readInteger(as: UInt32.self) else { throw .truncated }
        return code
    }

    private static func codec(_ bytes: inout ByteBuffer, isVideo: Bool) throws(TagFault) -> MediaCodec {
        try codec(try code(&bytes), isVideo: isVideo)
    }

    private static func codec(_ code: UInt32, isVideo: Bool) throws(TagFault) -> MediaCodec {
        guard let codec = MediaCodec(fourCC: code, isVideo: isVideo) else {
            let letters = (0..<4).map { UInt8(truncatingIfNeeded: code >> (24 - 8 * $0)) }
            let isText = letters.allSatisfy { (0x20...0x7e).contains($0) }
            throw .codec(isText ? String(decoding: letters, as: UTF8.self) : "\(code)")
        }
        return codec
    }
}
