import CFFmpeg
import HypeCore

/// The owner of one of FFmpeg's decoders and the frame that it fills.
final class Decoder {
    /// What a decoder leaves out to be quicker.
    enum Effort: Hashable, Sendable {
        /// Every frame, exactly.
        case exact
        /// Only frames that others refer to, without the loop filter.
        case referenceFrames
        /// Only key frames, without the loop filter.
        case keyFrames
    }

    /// The last frame that ``receive()`` gave.
    let frame: UnsafeMutablePointer<AVFrame>
    /// Packets that the decoder refused.
    private(set) var damagedPackets = 0
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let timebase: Timebase

    /// Opens a decoder for a track.
    init(_ stream: StreamInfo, effort: Effort = .exact) throws(MediaError) {
        guard let codec = avcodec_find_decoder(stream.parameters.pointer.pointee.codec_id) else {
            throw MediaError(
                .cannotDecode,
                "This FFmpeg has no decoder for the \(stream.kind.rawValue) codec \(stream.codec). Convert the recording."
            )
        }
        guard let frame = av_frame_alloc() else {
            throw MediaError(.cannotDecode, "There is no memory left to decode \(stream.codec).")
        }
        guard let context = avcodec_alloc_context3(codec) else {
            var last: UnsafeMutablePointer<AVFrame>? = frame
            av_frame_free(&last)
            throw MediaError(.cannotDecode, "There is no memory left to decode \(stream.codec).")
        }
        self.frame = frame
        self.context = context
        timebase = stream.timebase
        var code = avcodec_parameters_to_context(context, stream.parameters.pointer)
        context.pointee.pkt_timebase = stream.timebase.rational
        context.pointee.thread_count = 1
        // 64 megapixels, as much as 8K twice over: a damaged header must not claim gigabytes.
        context.pointee.max_pixels = 64 << 20
        if effort != .exact {
            context.pointee.skip_frame = effort == .keyFrames ? AVDISCARD_NONKEY : AVDISCARD_NONREF
            context.pointee.skip_loop_filter = AVDISCARD_ALL
            context.pointee.flags2 |= AV_CODEC_FLAG2_FAST
        }
        if code >= 0 { code = avcodec_open2(context, codec, nil) }
        guard code >= 0 else {
            throw MediaError(
                .cannotDecode,
                "The \(stream.kind.rawValue) track (\(stream.codec)) cannot be decoded. Convert the recording.",
                cause: LibAV.text(code)
            )
        }
    }

    deinit {
        var lastFrame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&lastFrame)
        var lastContext: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&lastContext)
    }

    /// Hands over a packet, or nil to get the last frames out; call ``receive()`` until it gives none before the next.
    func send(_ packet: PacketHolder?) {
        let code = avcodec_send_packet(context, packet?.pointer)
        if code < 0, code != hype_error_again, code != hype_error_eof { damagedPackets += 1 }
    }

    /// Decodes the next frame into ``frame``; false where another packet is needed or the end is reached.
    func receive() -> Bool {
        while true {
            let code = avcodec_receive_frame(context, frame)
            if code >= 0 { return true }
            if code == hype_error_again || code == hype_error_eof { return false }
            damagedPackets += 1
            // An error consumes the packet that caused it; the call after it tells what comes next.
            if damagedPackets > 1_000_000 { return false }
        }
    }

    /// Forgets everything, for decoding elsewhere.
    func flush() { avcodec_flush_buffers(context) }

    /// Presentation time of ``frame``, or nil where it cannot be known.
    var time: MediaTime? {
        LibAV.timestamp(frame.pointee.best_effort_timestamp, in: timebase).map {
            MediaTime(pts: $0, timebase: timebase)
        }
    }
}
