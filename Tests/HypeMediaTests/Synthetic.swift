import CFFmpeg
import HypeCore
import HypeMedia
import Testing

/// Packets without media behind them, for rings and selections.
enum Synthetic {
    /// A track that needs no codec.
    static func track(_ kind: StreamInfo.Kind) throws -> StreamInfo {
        let parameters = try #require(avcodec_parameters_alloc())
        defer {
            var last: UnsafeMutablePointer<AVCodecParameters>? = parameters
            avcodec_parameters_free(&last)
        }
        let copy = try #require(CodecParameters(copying: parameters))
        return StreamInfo(kind: kind, index: kind == .video ? 0 : 1, timebase: Timebase(1, 1000), parameters: copy)
    }

    /// A track of H.264 or AAC as far as its name goes.
    static func named(_ kind: StreamInfo.Kind, width: Int32 = 320) throws -> StreamInfo {
        let parameters = try #require(avcodec_parameters_alloc())
        defer {
            var last: UnsafeMutablePointer<AVCodecParameters>? = parameters
            avcodec_parameters_free(&last)
        }
        parameters.pointee.codec_type = kind == .video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO
        parameters.pointee.codec_id = kind == .video ? AV_CODEC_ID_H264 : AV_CODEC_ID_AAC
        parameters.pointee.width = kind == .video ? width : 0
        parameters.pointee.height = kind == .video ? 180 : 0
        parameters.pointee.sample_rate = kind == .video ? 0 : 48_000
        if kind == .audio { av_channel_layout_default(&parameters.pointee.ch_layout, 2) }
        let copy = try #require(CodecParameters(copying: parameters))
        return StreamInfo(kind: kind, index: kind == .video ? 0 : 1, timebase: Timebase(1, 1000), parameters: copy)
    }

    /// One packet; times in milliseconds.
    static func packet(
        _ kind: StreamInfo.Kind,
        at time: Int64,
        dts: Int64? = nil,
        duration: Int64 = 40,
        isKey: Bool = false,
        size: Int = 100
    ) -> Packet {
        Packet(
            kind: kind,
            pts: time,
            dts: dts ?? time,
            duration: duration,
            timebase: Timebase(1, 1000),
            isKey: isKey || kind == .audio,
            bytes: PacketBytes([UInt8](repeating: UInt8(truncatingIfNeeded: time), count: size))
        )
    }

    /// Pictures at 25 per second with a key frame each second, and sound in packets of 20 ms.
    static func stream(seconds: Int) -> [Packet] {
        (0..<seconds * 25).flatMap { index in
            let time = Int64(index) * 40
            return [
                packet(.video, at: time, isKey: index % 25 == 0, size: index % 25 == 0 ? 2000 : 300),
                packet(.audio, at: time, duration: 20, size: 80),
                packet(.audio, at: time + 20, duration: 20, size: 80),
            ]
        }
    }

    /// The same packet, marked as damaged.
    static func damaged(_ packet: Packet) -> Packet {
        Packet(
            kind: packet.kind,
            pts: packet.pts,
            dts: packet.dts,
            duration: packet.duration,
            timebase: packet.timebase,
            isKey: packet.isKey,
            isDamaged: true,
            bytes: packet.bytes
        )
    }
}
