import CFFmpeg

/// The owner of a libswresample context that turns any decoded sound into interleaved floats.
final class Resampler {
    /// What a context was made for.
    private struct Input: Equatable {
        var format: Int32
        var rate: Int32
        var channels: Int32
        var mask: UInt64
    }

    /// Samples per second that come out.
    let rate: Int
    /// Channels that come out.
    let channels: Int
    private(set) var context: OpaquePointer?
    private var input: Input?

    /// Creates a converter; channels are mixed so that full scale stays full scale (stereo to mono is the mean).
    init(rate: Int, channels: Int) {
        self.rate = rate
        self.channels = channels
    }

    deinit { swr_free(&context) }

    /// Whether a frame has the form that the converter is set up for.
    func accepts(_ frame: UnsafePointer<AVFrame>) -> Bool {
        input == Self.form(of: frame)
    }

    /// Sets the converter up for frames of this form, forgetting what is inside; false where it cannot be converted.
    func prepare(for frame: UnsafePointer<AVFrame>) -> Bool {
        swr_free(&context)
        input = nil
        let form = Self.form(of: frame)
        guard (1...768_000).contains(form.rate), (1...64).contains(form.channels), frame.pointee.nb_samples > 0 else {
            return false
        }
        var source = frame.pointee.ch_layout
        var layout = AVChannelLayout()
        var target = AVChannelLayout()
        defer {
            av_channel_layout_uninit(&layout)
            av_channel_layout_uninit(&target)
        }
        if source.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&layout, form.channels)
        } else if av_channel_layout_copy(&layout, &source) < 0 {
            return false
        }
        av_channel_layout_default(&target, Int32(channels))
        let made = swr_alloc_set_opts2(
            &context,
            &target,
            AV_SAMPLE_FMT_FLT,
            Int32(rate),
            &layout,
            AVSampleFormat(rawValue: form.format),
            form.rate,
            0,
            nil
        )
        guard made >= 0, let context else { return false }
        av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
        guard swr_init(context) >= 0 else {
            swr_free(&self.context)
            return false
        }
        input = form
        return true
    }

    /// Converts a frame; nil drains what the filter still holds.
    ///
    /// - Returns: Interleaved samples in [-1, 1], first those held back from earlier frames. Shape `[count, channels]`.
    func convert(_ frame: UnsafePointer<AVFrame>?) -> [Float] {
        guard let context else { return [] }
        let count = frame?.pointee.nb_samples ?? 0
        let room = swr_get_out_samples(context, count)
        guard room > 0, room < 1 << 26 else { return [] }
        let samples = [Float](unsafeUninitializedCapacity: Int(room) * channels) { buffer, initialized in
            var output: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(buffer.baseAddress)?
                .assumingMemoryBound(to: UInt8.self)
            var produced: Int32 = 0
            if let frame, let data = frame.pointee.extended_data {
                let planes = UnsafeMutableRawPointer(data).assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
                produced = swr_convert(context, &output, room, planes, count)
            } else {
                produced = swr_convert(context, &output, room, nil, 0)
            }
            initialized = max(0, Int(produced)) * channels
        }
        return samples.map { $0.isNaN ? 0 : min(1, max(-1, $0)) }
    }

    private static func form(of frame: UnsafePointer<AVFrame>) -> Input {
        let layout = frame.pointee.ch_layout
        return Input(
            format: frame.pointee.format,
            rate: frame.pointee.sample_rate,
            channels: layout.nb_channels,
            mask: layout.order == AV_CHANNEL_ORDER_NATIVE ? layout.u.mask : 0
        )
    }
}
