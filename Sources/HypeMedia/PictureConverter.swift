import CFFmpeg
import HypeCore

/// Converts a stretch of a picture track to H.264, for codecs that MP4 players do not know.
struct PictureConverter: Sendable {
    /// x264's constant rate factor.
    var quality: Int
    /// Threads of the encoder.
    var threads: Int

    /// Converts pictures.
    ///
    /// - Parameters:
    ///   - packets: Packets in decoding order from a key frame on.
    ///   - stream: Their track.
    ///   - interval: The wanted stretch; the picture shown at its start comes first.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: The new track and its packets on the same media clock.
    /// - Throws: ``MediaError`` with code `.cannotDecode`, `.cannotEncode` or `.cancelled`.
    func convert(
        _ packets: [Packet],
        of stream: StreamInfo,
        in interval: MediaInterval,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> (stream: StreamInfo, packets: [Packet]) {
        let decoder = try Decoder(stream)
        let holder = try PacketHolder()
        let shown = try FrameHolder()
        let session = PictureEncodingSession(stream: stream, converter: self)
        var shownTime: MediaTime?
        for packet in packets.map(Optional.some) + [nil] {
            try interrupt.check()
            if let packet {
                try holder.fill(from: packet)
                decoder.send(holder)
            } else {
                decoder.send(nil)
            }
            while decoder.receive() {
                guard let time = decoder.time, time < interval.end else { continue }
                if time <= interval.start {
                    // Perhaps the picture that is on the screen at the start: the next one tells.
                    shown.hold(decoder.frame)
                    shownTime = time
                    continue
                }
                if let first = shownTime {
                    try session.encode(shown.pointer, at: first)
                    shownTime = nil
                }
                try session.encode(decoder.frame, at: time)
            }
        }
        if let first = shownTime { try session.encode(shown.pointer, at: first) }
        return try session.finish()
    }
}

/// One run of the H.264 encoder, opened with the first picture.
private final class PictureEncodingSession {
    private let stream: StreamInfo
    private let converter: PictureConverter
    private var encoder: Encoder?
    private var target: FrameHolder?
    private var scaler: OpaquePointer?
    private var packets: [Packet] = []
    private var lastTicks = Int64.min

    init(stream: StreamInfo, converter: PictureConverter) {
        self.stream = stream
        self.converter = converter
    }

    deinit { sws_freeContext(scaler) }

    func encode(_ frame: UnsafeMutablePointer<AVFrame>, at time: MediaTime) throws(MediaError) {
        let (encoder, target) = try prepare(for: frame)
        let ticks = time.pts(in: encoder.timebase)
        guard ticks > lastTicks, av_frame_make_writable(target.pointer) >= 0 else { return }
        let source = frame.pointee
        scaler = sws_getCachedContext(
            scaler,
            source.width,
            source.height,
            AVPixelFormat(rawValue: source.format),
            target.pointer.pointee.width,
            target.pointer.pointee.height,
            AV_PIX_FMT_YUV420P,
            SWS_BICUBIC,
            nil,
            nil,
            nil
        )
        guard let scaler, sws_scale_frame(scaler, target.pointer, frame) >= 0 else { return }
        lastTicks = ticks
        target.pointer.pointee.pts = ticks
        target.pointer.pointee.pict_type = AV_PICTURE_TYPE_NONE
        packets += try encoder.encode(target.pointer, as: .video)
    }

    func finish() throws(MediaError) -> (stream: StreamInfo, packets: [Packet]) {
        guard let encoder else { return (stream, []) }
        packets += try encoder.encode(nil, as: .video)
        let track = StreamInfo(
            kind: .video,
            index: stream.index,
            timebase: encoder.timebase,
            frameRate: stream.frameRate,
            rotation: stream.rotation,
            parameters: try encoder.parameters()
        )
        return (track, packets)
    }

    private func prepare(for frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> (Encoder, FrameHolder) {
        if let encoder, let target { return (encoder, target) }
        // H.264 in its common form has even sides.
        let width = max(2, frame.pointee.width & ~1)
        let height = max(2, frame.pointee.height & ~1)
        let aspect = frame.pointee.sample_aspect_ratio
        let rate = stream.frameRate > 0 ? stream.frameRate : 25
        let opened = try Encoder(
            "libx264",
            options: ["preset": "veryfast", "crf": String(converter.quality)]
        ) { context in
            context.width = width
            context.height = height
            context.pix_fmt = AV_PIX_FMT_YUV420P
            context.sample_aspect_ratio = aspect
            context.time_base = stream.timebase.rational
            context.framerate = av_d2q(rate, 1_001_000)
            context.gop_size = Int32(clamping: Int(rate * 2))
            context.thread_count = Int32(clamping: max(1, converter.threads))
            context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        }
        let picture = try FrameHolder.blank(Int(width), Int(height), AV_PIX_FMT_YUV420P)
        encoder = opened
        target = picture
        return (opened, picture)
    }
}
