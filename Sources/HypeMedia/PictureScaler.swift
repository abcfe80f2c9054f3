import CFFmpeg
import HypeCore

/// Turns decoded frames of any pixel format into upright RGB pictures.
final class PictureScaler {
    private var context: OpaquePointer?
    private var scratch = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit {
        sws_freeContext(context)
        scratch.deallocate()
    }

    /// Converts a part of a frame.
    ///
    /// - Parameters:
    ///   - frame: A decoded frame, as it is stored.
    ///   - rotation: Clockwise degrees that make it upright: 0, 90, 180 or 270.
    ///   - region: The wanted part of the upright picture, or nil for all of it; it is cut to the picture.
    ///   - longestSide: Pictures are made smaller, keeping their shape, so that neither side is longer than this.
    /// - Returns: The picture and the part it shows; nil where nothing of the region lies in the picture or the frame
    ///   cannot be converted.
    func picture(
        from frame: UnsafeMutablePointer<AVFrame>,
        rotation: Int,
        region: PixelRegion?,
        longestSide: Int?
    ) -> (image: PixelBuffer, region: PixelRegion)? {
        let stored = (width: Int(frame.pointee.width), height: Int(frame.pointee.height))
        guard stored.width > 0, stored.height > 0 else { return nil }
        let turn = Turn(clockwise: rotation)
        let upright = turn.size(stored.width, stored.height)
        let whole = PixelRegion(x: 0, y: 0, width: upright.width, height: upright.height)
        guard let shown = (region ?? whole).clamped(toWidth: upright.width, height: upright.height) else { return nil }
        let longest = max(shown.width, shown.height)
        let limit = max(1, min(longest, longestSide ?? longest))
        let width = max(1, (shown.width * limit + longest / 2) / longest)
        let height = max(1, (shown.height * limit + longest / 2) / longest)
        let target = turn.size(width, height)
        guard let part = av_frame_clone(frame) else { return nil }
        var last: UnsafeMutablePointer<AVFrame>? = part
        defer { av_frame_free(&last) }
        if shown != whole {
            let box = turn.stored(shown, width: stored.width, height: stored.height)
            part.pointee.crop_left = box.x
            part.pointee.crop_top = box.y
            part.pointee.crop_right = stored.width - box.x - box.width
            part.pointee.crop_bottom = stored.height - box.y - box.height
            guard av_frame_apply_cropping(part, Int32(AV_FRAME_CROP_UNALIGNED)) >= 0 else { return nil }
        }
        guard let stride = scale(part, width: target.width, height: target.height) else { return nil }
        let bytes = turn.upright(
            UnsafeRawBufferPointer(scratch),
            stride: stride,
            width: target.width,
            height: target.height
        )
        return (PixelBuffer(width: width, height: height, bytes: bytes), shown)
    }

    /// Scales into ``scratch``; returns the length of its rows in bytes.
    private func scale(_ frame: UnsafeMutablePointer<AVFrame>, width: Int, height: Int) -> Int? {
        // swscale's vector code writes past the end of rows.
        let stride = (width * 3 + 63) / 64 * 64
        let needed = stride * height + 256
        if scratch.count < needed {
            scratch.deallocate()
            scratch = .allocate(byteCount: needed, alignment: 64)
        }
        let source = frame.pointee
        context = sws_getCachedContext(
            context,
            source.width,
            source.height,
            AVPixelFormat(rawValue: source.format),
            Int32(clamping: width),
            Int32(clamping: height),
            AV_PIX_FMT_RGB24,
            SWS_BILINEAR,
            nil,
            nil,
            nil
        )
        guard let context else { return nil }
        let coefficients = sws_getCoefficients(Self.colorSpace(of: source))
        let isFullRange = source.color_range == AVCOL_RANGE_JPEG || Self.fullRangeFormats.contains(source.format)
        // Fails for formats that are RGB already, which need no coefficients.
        _ = sws_setColorspaceDetails(
            context,
            coefficients,
            isFullRange ? 1 : 0,
            sws_getCoefficients(SWS_CS_DEFAULT),
            1,
            0,
            1 << 16,
            1 << 16
        )
        let rows = withUnsafePointer(to: source.data) { planes in
            planes.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 8) { planes in
                withUnsafePointer(to: source.linesize) { strides in
                    strides.withMemoryRebound(to: Int32.self, capacity: 8) { strides in
                        var output = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
                        var outputStride = Int32(clamping: stride)
                        return sws_scale(context, planes, strides, 0, source.height, &output, &outputStride)
                    }
                }
            }
        }
        return rows == Int32(clamping: height) ? stride : nil
    }

    private static let fullRangeFormats: Set<Int32> = [
        AV_PIX_FMT_YUVJ420P.rawValue, AV_PIX_FMT_YUVJ422P.rawValue, AV_PIX_FMT_YUVJ444P.rawValue,
        AV_PIX_FMT_YUVJ440P.rawValue, AV_PIX_FMT_YUVJ411P.rawValue,
    ]

    /// The matrix that a frame was made with; unlabelled pictures of 720 rows and more are BT.709, as players assume.
    private static func colorSpace(of frame: AVFrame) -> Int32 {
        switch frame.colorspace {
        case AVCOL_SPC_BT709: SWS_CS_ITU709
        case AVCOL_SPC_FCC: SWS_CS_FCC
        case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
        case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
        case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
        default: frame.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601
        }
    }
}
