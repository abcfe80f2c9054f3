import CFFmpeg
package import HypeCore

/// The picture of a capture: screen and webcam on one grid of frames, put together and encoded as H.264.
///
/// Time comes from the frames and the caller, so that hours can be run through in minutes. Belongs to one thread.
package final class PictureLine {
    private let settings: CaptureSettings
    private var plan: FramePlan<CapturedFrame>
    private let composer: PictureComposer
    private let encoder: Encoder
    private var cover = CoverWatch()
    private var lastLook: MediaTime?
    private var nextKey: Int64?

    /// Distance of key frames.
    package static let keyDistance = Duration.seconds(2)
    /// How often the camera's brightness is looked at.
    private static let lookDistance = Duration.milliseconds(500)
    /// Pixels per second that one thread of the encoder is sure to manage: 1280 × 720 at 30 frames.
    private static let pixelsPerThread = 1280 * 720 * 30

    /// The track.
    package let stream: StreamInfo

    /// Opens the encoder.
    ///
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package init(_ settings: CaptureSettings) throws(MediaError) {
        _ = LibAV.silenced
        self.settings = settings
        plan = FramePlan(rate: settings.frameRate, lanes: settings.roles.filter(\.isPicture))
        composer = try PictureComposer(settings)
        let load = settings.width * settings.height * settings.frameRate
        encoder = try Encoder(
            "libx264",
            options: [
                "preset": "superfast", "tune": "zerolatency", "crf": "23", "forced-idr": "1",
                "x264-params": "scenecut=0",
            ]
        ) { context in
            context.width = Int32(clamping: settings.width)
            context.height = Int32(clamping: settings.height)
            context.pix_fmt = AV_PIX_FMT_YUV420P
            context.time_base = AVRational(num: 1, den: Int32(clamping: settings.frameRate))
            context.framerate = AVRational(num: Int32(clamping: settings.frameRate), den: 1)
            // Key frames are asked for by time, since frames may be left out.
            context.gop_size = Int32(clamping: settings.frameRate * 20)
            context.max_b_frames = 0
            context.rc_max_rate = Int64(settings.pictureBitRate)
            context.rc_buffer_size = Int32(clamping: settings.pictureBitRate * 2)
            context.thread_count = Int32(clamping: 1 + (load - 1) / Self.pixelsPerThread)
            context.color_range = AVCOL_RANGE_MPEG
            context.colorspace = AVCOL_SPC_BT709
            context.color_primaries = AVCOL_PRI_BT709
            context.color_trc = AVCOL_TRC_BT709
            context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        }
        stream = StreamInfo(
            kind: .video,
            index: 0,
            timebase: encoder.timebase,
            frameRate: Double(settings.frameRate),
            parameters: try encoder.parameters()
        )
    }

    /// Takes a picture of a device.
    package func take(_ frame: CapturedFrame, from role: CaptureRole) {
        // A picture shows what happened since the one before, so on the average it is half a frame late.
        plan.add(frame, to: role, at: frame.taken - .seconds(1) / (2 * settings.frameRate))
    }

    /// Makes the place of a device black that went away.
    package func lose(_ role: CaptureRole) {
        composer.blacken(role)
        if role == .camera { cover = CoverWatch() }
    }

    /// Composes and encodes what is due.
    ///
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package func packets(at now: MediaTime) throws(MediaError) -> [Packet] {
        var packets: [Packet] = []
        while let frame = plan.take(at: now) {
            let picture = composer.compose(
                screen: frame.pictures[.screen]?.pointer,
                camera: frame.pictures[.camera]?.pointer
            )
            if frame.pictures[.camera] != nil { look(at: plan.time(of: frame.index)) }
            let isKey = nextKey.map { frame.index >= $0 } ?? true
            if isKey {
                nextKey = frame.index + Int64(Self.keyDistance.inSeconds * Double(settings.frameRate))
            }
            picture.pointee.pts = frame.index
            picture.pointee.pict_type = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
            packets += try encoder.encode(picture, as: .video)
        }
        return packets
    }

    /// When the next frame is due at the latest.
    package var deadline: MediaTime { plan.deadline }

    /// Whether the camera shows nothing.
    package var isCovered: Bool { cover.isCovered }

    /// What happened to pictures so far.
    package var counts: FramePlan<CapturedFrame>.Counts { plan.counts }

    private func look(at time: MediaTime) {
        if let lastLook, time - lastLook < Self.lookDistance { return }
        lastLook = time
        guard let brightness = composer.cameraBrightness else { return }
        cover.observe(mean: brightness.mean, deviation: brightness.deviation, at: time)
    }
}
