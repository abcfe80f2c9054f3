import CFFmpeg
import HypeCore

/// The owner of one of FFmpeg's encoders.
final class Encoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let name: String
    private let holder: PacketHolder

    /// Opens an encoder.
    ///
    /// - Parameters:
    ///   - name: FFmpeg's name of the encoder, such as `libx264`.
    ///   - options: The encoder's private options.
    ///   - configure: Sets size, format, timebase and rates.
    /// - Throws: ``MediaError`` with code `.cannotEncode` where the encoder is missing or refuses the settings.
    init(
        _ name: String,
        options: [String: String] = [:],
        configure: (inout AVCodecContext) -> Void
    ) throws(MediaError) {
        self.name = name
        holder = try PacketHolder()
        guard let codec = avcodec_find_encoder_by_name(name) else {
            throw MediaError(
                .cannotEncode,
                "This FFmpeg has no encoder \(name), which is needed to convert the clip. Install the complete package."
            )
        }
        guard let context = avcodec_alloc_context3(codec) else {
            throw MediaError(.cannotEncode, "There is no memory left for the encoder \(name).")
        }
        self.context = context
        configure(&context.pointee)
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        let code = avcodec_open2(context, codec, &dictionary)
        guard code >= 0 else { throw Self.failure(name, code) }
    }

    deinit {
        var last: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&last)
    }

    /// Length of one tick of the packets' time stamps.
    var timebase: Timebase { Timebase(context.pointee.time_base) }

    /// Samples per frame that the encoder takes, 0 where any number will do.
    var frameSize: Int { Int(context.pointee.frame_size) }

    /// What a muxer must know of the encoder.
    func parameters() throws(MediaError) -> CodecParameters {
        guard let parameters = CodecParameters(of: context) else {
            throw MediaError(.cannotEncode, "There is no memory left for the encoder \(name).")
        }
        return parameters
    }

    /// Encodes a frame, or gets the last packets out where there is none.
    ///
    /// - Parameters:
    ///   - frame: The frame with its time stamp in ticks of ``timebase``, or nil at the end.
    ///   - kind: What the packets are called.
    /// - Returns: The packets that are ready, in decoding order.
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    func encode(
        _ frame: UnsafeMutablePointer<AVFrame>?,
        as kind: StreamInfo.Kind
    ) throws(MediaError) -> [Packet] {
        let sent = avcodec_send_frame(context, frame)
        guard sent >= 0 || sent == hype_error_eof else { throw Self.failure(name, sent) }
        var packets: [Packet] = []
        while true {
            holder.clear()
            let code = avcodec_receive_packet(context, holder.pointer)
            if code == hype_error_again || code == hype_error_eof { return packets }
            guard code >= 0 else { throw Self.failure(name, code) }
            let packet = holder.pointer.pointee
            packets.append(
                Packet(
                    kind: kind,
                    pts: LibAV.timestamp(packet.pts, in: timebase),
                    dts: LibAV.timestamp(packet.dts, in: timebase),
                    duration: packet.duration,
                    timebase: timebase,
                    isKey: packet.flags & AV_PKT_FLAG_KEY != 0,
                    bytes: PacketBytes(holder.bytes)
                )
            )
        }
    }

    private static func failure(_ name: String, _ code: Int32) -> MediaError {
        MediaError(.cannotEncode, "The encoder \(name) failed, so the clip was not made.", cause: LibAV.text(code))
    }
}
