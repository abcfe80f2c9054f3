package import NIOCore

/// Writes Matroska (RFC 9559) for readers that take a stream as it comes: a segment without end, and a cluster of one
/// block for each packet.
///
/// A cluster of its own costs a packet some 20 bytes and lets a reader begin anywhere.
package enum MatroskaWriter {
    private enum ID {
        static let ebml: UInt32 = 0x1a45_dfa3
        static let docType: UInt32 = 0x4282
        static let docTypeVersion: UInt32 = 0x4287
        static let docTypeReadVersion: UInt32 = 0x4285
        static let segment: UInt32 = 0x1853_8067
        static let info: UInt32 = 0x1549_a966
        static let timestampScale: UInt32 = 0x2ad7b1
        static let muxingApp: UInt32 = 0x4d80
        static let writingApp: UInt32 = 0x5741
        static let tracks: UInt32 = 0x1654_ae6b
        static let trackEntry: UInt32 = 0xae
        static let trackNumber: UInt32 = 0xd7
        static let trackUID: UInt32 = 0x73c5
        static let trackType: UInt32 = 0x83
        static let flagLacing: UInt32 = 0x9c
        static let codecID: UInt32 = 0x86
        static let codecPrivate: UInt32 = 0x63a2
        static let codecDelay: UInt32 = 0x56aa
        static let seekPreRoll: UInt32 = 0x56bb
        static let defaultDuration: UInt32 = 0x23e383
        static let video: UInt32 = 0xe0
        static let pixelWidth: UInt32 = 0xb0
        static let pixelHeight: UInt32 = 0xba
        static let audio: UInt32 = 0xe1
        static let samplingFrequency: UInt32 = 0xb5
        static let channels: UInt32 = 0x9f
        static let cluster: UInt32 = 0x1f43_b675
        static let timestamp: UInt32 = 0xe7
        static let simpleBlock: UInt32 = 0xa3
    }

    private static let videoTrack: UInt8 = 1
    private static let audioTrack: UInt8 = 2
    private static let writer = "hypeclip"

    /// Everything up to the first cluster.
    package static func header(for tracks: TrackSet, facts: StreamFacts) -> ByteBuffer {
        var output = EBML()
        output.master(ID.ebml) { ebml in
            ebml.text(ID.docType, "matroska")
            ebml.unsigned(ID.docTypeVersion, 4)
            ebml.unsigned(ID.docTypeReadVersion, 2)
        }
        output.endless(ID.segment)
        output.master(ID.info) { info in
            // Nanoseconds in a tick: time stamps are milliseconds.
            info.unsigned(ID.timestampScale, 1_000_000)
            info.text(ID.muxingApp, writer)
            info.text(ID.writingApp, writer)
        }
        output.master(ID.tracks) { list in
            if let video = tracks.video {
                list.master(ID.trackEntry) { write(video, facts: facts, to: &$0) }
            }
            if let audio = tracks.audio {
                list.master(ID.trackEntry) { write(audio, facts: facts, to: &$0) }
            }
        }
        return output.bytes
    }

    /// One cluster with one block.
    package static func bytes(of packet: MediaPacket) -> ByteBuffer {
        // Blocks carry the time at which they are shown, in the order in which they are decoded.
        let shown = max(0, packet.time + (packet.codec.isVideo ? Int64(packet.frame.compositionTime) : 0))
        var inner = EBML()
        inner.unsigned(ID.timestamp, UInt64(shown))
        inner.head(ID.simpleBlock, size: packet.data.readableBytes + 4)
        var block = ByteBuffer()
        let track = packet.codec.isVideo ? videoTrack : audioTrack
        block.writeMultipleIntegers(0x80 | track, UInt16(0), UInt8(packet.frame.isKey ? 0x80 : 0))
        inner.append(block)
        var output = EBML()
        output.reserve(inner.bytes.readableBytes + packet.data.readableBytes + 12)
        output.head(ID.cluster, size: inner.bytes.readableBytes + packet.data.readableBytes)
        output.append(inner.bytes)
        output.append(packet.data)
        return output.bytes
    }

    private static func write(_ track: TrackSet.Track, facts: StreamFacts, to entry: inout EBML) {
        let number = track.codec.isVideo ? videoTrack : audioTrack
        entry.unsigned(ID.trackNumber, UInt64(number))
        entry.unsigned(ID.trackUID, UInt64(number))
        entry.unsigned(ID.trackType, track.codec.isVideo ? 1 : 2)
        entry.unsigned(ID.flagLacing, 0)
        entry.text(ID.codecID, codecID(track.codec))
        if let content = codecPrivate(track) { entry.binary(ID.codecPrivate, content) }
        if track.codec.isVideo {
            if let rate = facts.frameRate { entry.unsigned(ID.defaultDuration, UInt64(1e9 / rate)) }
            guard let width = facts.width, let height = facts.height else { return }
            entry.master(ID.video) { video in
                video.unsigned(ID.pixelWidth, UInt64(width))
                video.unsigned(ID.pixelHeight, UInt64(height))
            }
        } else {
            let told = track.configuration.flatMap { SoundFormat(track.codec, configuration: $0) }
            let format = told ?? SoundFormat(rate: facts.sampleRate ?? SoundFormat.usual.rate, channels: 2)
            if track.codec == .opus {
                // RFC 7845 asks for 80 ms of decoding before what is heard is right.
                entry.unsigned(ID.codecDelay, 0)
                entry.unsigned(ID.seekPreRoll, 80_000_000)
            }
            entry.master(ID.audio) { audio in
                audio.float(ID.samplingFrequency, Double(format.rate))
                audio.unsigned(ID.channels, UInt64(format.channels))
            }
        }
    }

    private static func codecID(_ codec: MediaCodec) -> String {
        switch codec {
        case .h264: "V_MPEG4/ISO/AVC"
        case .hevc: "V_MPEGH/ISO/HEVC"
        case .av1: "V_AV1"
        case .vp8: "V_VP8"
        case .vp9: "V_VP9"
        case .aac: "A_AAC"
        case .mp3: "A_MPEG/L3"
        case .opus: "A_OPUS"
        case .flac: "A_FLAC"
        case .ac3: "A_AC3"
        case .eac3: "A_EAC3"
        }
    }

    private static func codecPrivate(_ track: TrackSet.Track) -> ByteBuffer? {
        switch track.codec {
        case .h264, .hevc, .av1, .aac, .flac: track.configuration
        case .opus: track.configuration.flatMap { $0.readableBytes > 0 ? $0 : nil } ?? usualOpusHead
        // Their configuration records in RTMP are those of MP4 and mean nothing in Matroska.
        case .vp8, .vp9, .mp3, .ac3, .eac3: nil
        }
    }

    /// RFC 7845, section 5.1: version 1, two channels, pre-skip 312 samples at 48 kHz, no gain, mapping family 0.
    private static var usualOpusHead: ByteBuffer {
        var head = ByteBuffer(string: "OpusHead")
        head.writeMultipleIntegers(UInt8(1), UInt8(2))
        head.writeInteger(UInt16(312), endianness: .little)
        head.writeInteger(UInt32(48_000), endianness: .little)
        head.writeMultipleIntegers(UInt16(0), UInt8(0))
        return head
    }
}
