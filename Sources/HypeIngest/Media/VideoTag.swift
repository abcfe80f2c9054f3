package import NIOCore

/// Reads picture messages, in FLV's form (Adobe Flash Video 10.1, E.4.3) and that of enhanced RTMP v1 and v2.
package enum VideoTag {
    private enum FrameType {
        static let key: UInt8 = 1
        static let command: UInt8 = 5
    }

    /// Reads one message.
    ///
    /// - Returns: Nil for messages without a picture: commands, colour metadata, empty ones.
    /// - Throws: Why it has to be left out.
    package static func unit(in body: ByteBuffer) throws(TagFault) -> MediaUnit? {
        var body = body
        guard let first = body.readInteger(as: UInt8.self) else { return nil }
        let frameType = first >> 4 & 7
        return first & 0x80 != 0
            ? try enhanced(body, packet: first & 0xf, frameType: frameType)
            : try legacy(body, codecID: first & 0xf, frameType: frameType)
    }

    private static func legacy(_ body: ByteBuffer, codecID: UInt8, frameType: UInt8) throws(TagFault) -> MediaUnit? {
        guard frameType != FrameType.command else { return nil }
        guard codecID == 7 else { throw .codec(legacyName(codecID)) }
        var body = body
        guard let packet = body.readInteger(as: UInt8.self), let offset = body.readUInt24() else { throw .truncated }
        switch packet {
        case 0: return MediaUnit(.h264, .configuration, data: body)
        case 1:
            let frame = MediaUnit.Frame(isKey: frameType == FrameType.key, compositionTime: signed(offset))
            return body.readableBytes > 0 ? MediaUnit(.h264, .frame(frame), data: body) : nil
        case 2: return MediaUnit(.h264, .end, data: body)
        default: throw .packetType(packet)
        }
    }

    private static func enhanced(_ body: ByteBuffer, packet: UInt8, frameType: UInt8) throws(TagFault) -> MediaUnit? {
        // Colour metadata, whose frame type means nothing, and commands.
        if packet == 4 || frameType == FrameType.command { return nil }
        let header = try EnhancedHeader(packet: packet, body, isVideo: true)
        var data = header.body
        switch header.packet {
        case EnhancedHeader.Packet.sequenceStart:
            return MediaUnit(header.codec, .configuration, data: data)
        case EnhancedHeader.Packet.sequenceEnd:
            return MediaUnit(header.codec, .end, data: ByteBuffer())
        case EnhancedHeader.Packet.codedFrames, EnhancedHeader.Packet.codedFramesX:
            var frame = MediaUnit.Frame(isKey: frameType == FrameType.key)
            if header.packet == EnhancedHeader.Packet.codedFrames, header.codec.hasCompositionTime {
                guard let offset = data.readUInt24() else { throw .truncated }
                frame.compositionTime = signed(offset)
            }
            return data.readableBytes > 0 ? MediaUnit(header.codec, .frame(frame), data: data) : nil
        case 4: return nil
        default: throw .packetType(header.packet)
        }
    }

    private static func signed(_ value: UInt32) -> Int32 {
        Int32(bitPattern: value << 8) >> 8
    }

    private static func legacyName(_ codecID: UInt8) -> String {
        switch codecID {
        case 2: "Sorenson H.263"
        case 3, 6: "screen video"
        case 4, 5: "VP6"
        // Not in any specification, but sent by some encoders before enhanced RTMP.
        case 12: "HEVC in an unofficial form"
        default: "video codec \(codecID)"
        }
    }
}
