import CFFmpeg
package import HypeCore

/// A picture or a run of samples as a device gave it; never changed, so it crosses threads freely.
package final class CapturedFrame: Sendable {
    /// The frame, to be read only.
    ///
    /// The compiler lets no pointer cross threads, whatever it points to. This one may: it is the only reference to a
    /// frame that is filled in `init`, nobody can write through it, and it is freed with the last reference to this object.
    nonisolated(unsafe) let pointer: UnsafePointer<AVFrame>
    /// When it arrived.
    package let arrival: MediaTime
    /// How long before that it was taken: the picture, or the first sample; nil where the device does not say.
    package let age: Duration?

    /// Refers to a frame; nil without memory.
    init?(_ frame: UnsafeMutablePointer<AVFrame>, arrival: MediaTime, age: Duration?) {
        guard let reference = av_frame_clone(frame) else { return nil }
        pointer = UnsafePointer(reference)
        self.arrival = arrival
        self.age = age
    }

    deinit {
        var last: UnsafeMutablePointer<AVFrame>? = UnsafeMutablePointer(mutating: pointer)
        av_frame_free(&last)
    }

    /// When a picture was taken.
    package var taken: MediaTime { age.map { arrival - $0 } ?? arrival }
}

extension CapturedFrame {
    /// Copies a picture.
    ///
    /// - Throws: ``MediaError`` with code `.cannotEncode` without memory.
    package static func picture(_ image: PixelBuffer, arrival: MediaTime) throws(MediaError) -> CapturedFrame {
        let holder = try FrameHolder.rgb(image)
        guard let frame = CapturedFrame(holder.pointer, arrival: arrival, age: nil) else { throw outOfMemory }
        return frame
    }

    /// Copies samples.
    ///
    /// - Parameters:
    ///   - samples: Interleaved PCM in [-1, 1]. Shape `[count, channels]`.
    ///   - rate: Samples per second.
    ///   - channels: Number of channels, at least 1.
    ///   - arrival: When the last sample arrived.
    ///   - age: How long before that the first was taken.
    /// - Returns: The run.
    /// - Throws: ``MediaError`` with code `.cannotEncode` without memory.
    package static func sound(
        _ samples: [Float],
        rate: Int,
        channels: Int,
        arrival: MediaTime,
        age: Duration? = nil
    ) throws(MediaError) -> CapturedFrame {
        let holder = try FrameHolder()
        try holder.fill(samples, rate: rate, channels: channels)
        guard let frame = CapturedFrame(holder.pointer, arrival: arrival, age: age) else { throw outOfMemory }
        return frame
    }

    private static var outOfMemory: MediaError { MediaError(.cannotEncode, "There is no memory left for a frame.") }
}

extension FrameHolder {
    /// Makes the frame one of interleaved samples.
    func fill(_ samples: [Float], rate: Int, channels: Int) throws(MediaError) {
        av_frame_unref(pointer)
        pointer.pointee.nb_samples = Int32(clamping: samples.count / max(1, channels))
        pointer.pointee.format = AV_SAMPLE_FMT_FLT.rawValue
        pointer.pointee.sample_rate = Int32(clamping: rate)
        av_channel_layout_default(&pointer.pointee.ch_layout, Int32(clamping: channels))
        guard pointer.pointee.nb_samples > 0, av_frame_get_buffer(pointer, 0) >= 0, let plane = pointer.pointee.data.0
        else { throw MediaError(.cannotEncode, "There is no memory left for sound.") }
        samples.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(plane).copyMemory(from: source, byteCount: bytes.count)
        }
    }
}
