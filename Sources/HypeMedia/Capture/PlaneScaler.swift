import CFFmpeg
import HypeCore

/// Converts pictures of any size and format to 4:2:0 in BT.709 and limited range.
final class PlaneScaler {
    private struct Form: Equatable {
        var width: Int32
        var height: Int32
        var format: Int32
        var space: UInt32
        var range: UInt32
        var targetWidth: Int32
        var targetHeight: Int32
    }

    private var context: OpaquePointer?
    private var form: Form?

    deinit { sws_freeContext(context) }

    /// Fills a picture with another one; leaves it as it is where the other cannot be converted.
    func scale(_ source: UnsafePointer<AVFrame>, into target: UnsafeMutablePointer<AVFrame>) {
        guard let context = prepare(source, target) else { return }
        var sourcePlanes = Self.planes(source).map { UnsafePointer($0) }
        var targetPlanes = Self.planes(target)
        let sourceStrides = Self.strides(source)
        let targetStrides = Self.strides(target)
        sws_scale(context, &sourcePlanes, sourceStrides, 0, source.pointee.height, &targetPlanes, targetStrides)
    }

    private func prepare(
        _ source: UnsafePointer<AVFrame>,
        _ target: UnsafePointer<AVFrame>
    ) -> OpaquePointer? {
        let wanted = Form(
            width: source.pointee.width,
            height: source.pointee.height,
            format: source.pointee.format,
            space: source.pointee.colorspace.rawValue,
            range: source.pointee.color_range.rawValue,
            targetWidth: target.pointee.width,
            targetHeight: target.pointee.height
        )
        if wanted == form { return context }
        sws_freeContext(context)
        form = nil
        context = sws_getContext(
            wanted.width,
            wanted.height,
            AVPixelFormat(rawValue: wanted.format),
            wanted.targetWidth,
            wanted.targetHeight,
            AV_PIX_FMT_YUV420P,
            SWS_BILINEAR,
            nil,
            nil,
            nil
        )
        guard let context else { return nil }
        let isBT709 = source.pointee.colorspace == AVCOL_SPC_BT709
        let isFull = source.pointee.color_range == AVCOL_RANGE_JPEG || Self.fullRange.contains(wanted.format)
        // Webcams are BT.601 unless they say so; for pictures that are RGB these first coefficients are not used.
        _ = sws_setColorspaceDetails(
            context,
            sws_getCoefficients(isBT709 ? SWS_CS_ITU709 : SWS_CS_ITU601),
            isFull ? 1 : 0,
            sws_getCoefficients(SWS_CS_ITU709),
            0,
            0,
            1 << 16,
            1 << 16
        )
        form = wanted
        return context
    }

    private static let fullRange: Set<Int32> = [
        AV_PIX_FMT_YUVJ420P.rawValue, AV_PIX_FMT_YUVJ422P.rawValue, AV_PIX_FMT_YUVJ444P.rawValue,
    ]

    private static func planes(_ frame: UnsafePointer<AVFrame>) -> [UnsafeMutablePointer<UInt8>?] {
        let data = frame.pointee.data
        return [data.0, data.1, data.2, data.3]
    }

    private static func strides(_ frame: UnsafePointer<AVFrame>) -> [Int32] {
        let sizes = frame.pointee.linesize
        return [sizes.0, sizes.1, sizes.2, sizes.3]
    }
}
