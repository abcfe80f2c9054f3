package import NIOCore

/// Reads sound messages, in FLV's form (Adobe Flash Video 10.1, E.4.2) and that of enhanced RTMP v2.
package enum AudioTag {
    private enum Format {
        static let mp3: UInt8 = 2
        static let enhanced: UInt8 = 9
        static let aac: UInt8 = 10
        static let mp3At8kHz: UInt8 = 14
    }

    /// Reads one message.
    ///
    /// - Returns: Nil for messages without sound: silence, channel layouts.
    /// - Throws: Why it has to be left out.
    package static func unit(in body: ByteBuffer) throws(TagFault) -> MediaUnit? {
        var body = body
        guard let first = body.readInteger(as: UInt8.self) else { return nil }
        switch first >> 4 {
        case Format.mp3, Format.mp3At8kHz:
            guard body.readableBytes > 0 else { return nil }
            return MediaUnit(.mp3, .frame(MediaUnit.Frame()), data: body, legacyFlags: first)
        case Format.aac:
            guard let packet = body.readInteger(as: UInt8.self) else { throw .truncated }
            guard body.readableBytes > 0 else { return nil }
            switch packet {
            case 0: return MediaUnit(.aac, .configuration, data: body, legacyFlags: first)
            case 1: return MediaUnit(.aac, .frame(MediaUnit.Frame()), data: body, legacyFlags: first)
            default: throw .packetType(packet)
            }
        case Format.enhanced:
            return try enhanced(EnhancedHeader(packet: first & 0xf, body, isVideo: false))
        case let format:
            throw .codec(name(format))
        }
    }

    private static func enhanced(_ header: EnhancedHeader) throws(TagFault) -> MediaUnit? {
        switch header.packet {
        case EnhancedHeader.Packet.sequenceStart:
            return MediaUnit(header.codec, .configuration, data: header.body)
        case EnhancedHeader.Packet.codedFrames:
            guard header.body.readableBytes > 0 else { return nil }
            return MediaUnit(header.codec, .frame(MediaUnit.Frame()), data: header.body)
        case EnhancedHeader.Packet.sequenceEnd:
            return MediaUnit(header.codec, .end, data: ByteBuffer())
        // A channel layout: the codecs that are taken describe theirs themselves.
        case 4: return nil
        default: throw .packetType(header.packet)
        }
    }

    private static func name(_ format: UInt8) -> String {
        switch format {
        case 0, 3: "PCM"
        case 1: "ADPCM"
        case 4, 5, 6: "Nellymoser"
        case 7, 8: "G.711"
        case 11: "Speex"
        default: "audio codec \(format)"
        }
    }
}
