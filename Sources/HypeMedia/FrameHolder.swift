import CFFmpeg
import HypeCore

/// The owner of one of FFmpeg's frames.
final class FrameHolder {
    /// The frame; blank where nothing is held.
    let pointer: UnsafeMutablePointer<AVFrame>

    init() throws(MediaError) {
        guard let frame = av_frame_alloc() else {
            throw MediaError(.cannotEncode, "There is no memory left for a picture.")
        }
        pointer = frame
    }

    deinit {
        var last: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&last)
    }

    /// Refers to what another frame shows.
    func hold(_ frame: UnsafeMutablePointer<AVFrame>) {
        av_frame_unref(pointer)
        av_frame_ref(pointer, frame)
    }
}

extension FrameHolder {
    /// A frame with memory of its own.
    static func blank(_ width: Int, _ height: Int, _ format: AVPixelFormat) throws(MediaError) -> FrameHolder {
        let frame = try FrameHolder()
        frame.pointer.pointee.width = Int32(clamping: width)
        frame.pointer.pointee.height = Int32(clamping: height)
        frame.pointer.pointee.format = format.rawValue
        guard av_frame_get_buffer(frame.pointer, 0) >= 0 else {
            throw MediaError(.cannotEncode, "There is no memory left for a picture of \(width) × \(height) pixels.")
        }
        return frame
    }

    /// A frame with a copy of a picture.
    static func rgb(_ image: PixelBuffer) throws(MediaError) -> FrameHolder {
        let frame = try blank(image.width, image.height, AV_PIX_FMT_RGB24)
        guard let rows = frame.pointer.pointee.data.0 else { return frame }
        let stride = Int(frame.pointer.pointee.linesize.0)
        image.bytes.withUnsafeBytes { source in
            for y in 0..<image.height {
                guard let row = source.baseAddress?.advanced(by: y * image.width * 3) else { return }
                UnsafeMutableRawPointer(rows + y * stride).copyMemory(from: row, byteCount: image.width * 3)
            }
        }
        return frame
    }
}
