import CFFmpeg
package import HypeCore

/// Makes JPEG pictures of single instants of a recording.
package struct Thumbnailer: Sendable {
    /// Longest side in pixels, at least 2.
    package var longestSide: Int
    /// JPEG quality, 1 (smallest) … 100 (best).
    package var quality: Int

    /// Creates a thumbnailer.
    package init(longestSide: Int = 480, quality: Int = 80) {
        self.longestSide = max(2, longestSide)
        self.quality = min(100, max(1, quality))
    }

    /// How far from the instant a key frame may lie that is taken for it: more than half of the two seconds between key
    /// frames that encoders for streaming are set to.
    private static let reach = Duration.milliseconds(1050)

    /// Makes a picture of packets in memory, fast rather than exact: of the nearest key frame where one is near.
    ///
    /// - Parameters:
    ///   - snapshot: The packets.
    ///   - time: The instant; where no key frame is within about a second, the picture is that of the instant.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: The bytes of a JPEG file.
    /// - Throws: ``MediaError``: `.noVideo` without picture track, `.nothingToCut` where no picture can be decoded.
    package func jpeg(
        of snapshot: ReplaySnapshot,
        near time: MediaTime,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> [UInt8] {
        let keys = snapshot.packets.lazy.filter { $0.kind == .video && $0.isKey }.compactMap(\.time)
        let nearest = keys.map { (time: $0, distance: max($0 - time, time - $0)) }.min { $0.distance < $1.distance }
        let key = nearest.flatMap { $0.distance <= Self.reach ? $0.time : nil }
        let settings = FrameReader.Settings(
            step: .nanoseconds(1),
            selection: key == nil ? .all : .keyFrames,
            longestSide: longestSide
        )
        guard
            let frame = try FrameReader(snapshot, settings: settings, interrupt: interrupt)
                .frame(shownAt: key ?? time)
        else { throw MediaError(.nothingToCut, "The stream has no picture at \(time.seconds) s.") }
        return try encode(frame.image)
    }

    /// Makes a picture of what is shown at an instant.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - time: The instant; before the first picture, the first one is taken.
    ///   - region: The part of the upright picture to show, or nil for all of it.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: The bytes of a JPEG file.
    /// - Throws: ``MediaError``: `.noVideo` without picture track, `.nothingToCut` where it has no picture.
    package func jpeg(
        of file: MediaFile,
        at time: MediaTime,
        region: PixelRegion? = nil,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> [UInt8] {
        let reader = try FrameReader(
            file,
            settings: FrameReader.Settings(
                step: .nanoseconds(1),
                selection: .all,
                region: region,
                longestSide: longestSide
            ),
            interrupt: interrupt
        )
        guard let frame = try reader.frame(shownAt: time) else {
            throw MediaError(.nothingToCut, "\(file.path) has no picture at \(time.seconds) s.")
        }
        return try encode(frame.image)
    }

    /// Compresses a picture.
    ///
    /// - Parameter image: Any picture.
    /// - Returns: The bytes of a JPEG file.
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package func encode(_ image: PixelBuffer) throws(MediaError) -> [UInt8] {
        guard image.width > 0, image.height > 0, image.width <= 16_384, image.height <= 16_384 else {
            throw MediaError(.cannotEncode, "A picture of \(image.width) × \(image.height) cannot be a JPEG file.")
        }
        // libavcodec's quantiser runs from 2 (best) to 31.
        let quantiser = 2 + (100 - quality) * 29 / 99
        let encoder = try Encoder("mjpeg") { context in
            context.width = Int32(clamping: image.width)
            context.height = Int32(clamping: image.height)
            context.pix_fmt = AV_PIX_FMT_YUVJ420P
            context.color_range = AVCOL_RANGE_JPEG
            context.time_base = AVRational(num: 1, den: 25)
            context.flags |= AV_CODEC_FLAG_QSCALE
            context.global_quality = Int32(quantiser) * FF_QP2LAMBDA
        }
        let source = try FrameHolder.rgb(image)
        let target = try FrameHolder.blank(image.width, image.height, AV_PIX_FMT_YUVJ420P)
        var scaler = sws_getContext(
            Int32(clamping: image.width),
            Int32(clamping: image.height),
            AV_PIX_FMT_RGB24,
            Int32(clamping: image.width),
            Int32(clamping: image.height),
            AV_PIX_FMT_YUVJ420P,
            SWS_BILINEAR,
            nil,
            nil,
            nil
        )
        defer {
            sws_freeContext(scaler)
            scaler = nil
        }
        guard let scaler, sws_scale_frame(scaler, target.pointer, source.pointer) >= 0 else {
            throw MediaError(.cannotEncode, "The picture could not be converted for a JPEG file.")
        }
        target.pointer.pointee.pts = 0
        target.pointer.pointee.quality = Int32(quantiser) * FF_QP2LAMBDA
        let packets = try encoder.encode(target.pointer, as: .video) + encoder.encode(nil, as: .video)
        guard let packet = packets.first else {
            throw MediaError(.cannotEncode, "The JPEG encoder gave nothing.")
        }
        return packet.bytes.withUnsafeBytes { [UInt8]($0) }
    }
}
