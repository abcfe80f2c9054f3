import CFFmpeg
import HypeCore

/// Converts a stretch of a sound track to AAC, for codecs that MP4 players do not know.
struct SoundConverter: Sendable {
    /// The rates that AAC has, in Hz.
    private static let rates: Set<Int> = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000,
    ]

    /// Converts sound.
    ///
    /// - Parameters:
    ///   - packets: Packets in file order, with some lead-in.
    ///   - stream: Their track.
    ///   - interval: The wanted stretch, to which the sound is cut; missing sound inside becomes silence.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: The new track and its packets on the same media clock. The encoder's priming lies before the stretch.
    /// - Throws: ``MediaError`` with code `.cannotDecode`, `.cannotEncode` or `.cancelled`.
    func convert(
        _ packets: [Packet],
        of stream: StreamInfo,
        in interval: MediaInterval,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> (stream: StreamInfo, packets: [Packet]) {
        let source = stream.parameters.pointer.pointee
        let rate = Self.rates.contains(Int(source.sample_rate)) ? Int(source.sample_rate) : 48_000
        let channels = source.ch_layout.nb_channels == 1 ? 1 : 2
        let samples = try decode(
            packets,
            of: stream,
            into: SampleStream(rate: rate, channels: channels),
            interrupt: interrupt
        )
        guard let pcm = Self.flatten(samples, in: interval, rate: rate, channels: channels) else { return (stream, []) }
        return try encode(pcm, of: stream, rate: rate, channels: channels, interrupt: interrupt)
    }

    private func decode(
        _ packets: [Packet],
        of stream: StreamInfo,
        into samples: SampleStream,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> [SampleStream.Run] {
        let decoder = try Decoder(stream)
        let holder = try PacketHolder()
        for packet in packets.map(Optional.some) + [nil] {
            try interrupt.check()
            if let packet {
                try holder.fill(from: packet)
                decoder.send(holder)
            } else {
                decoder.send(nil)
            }
            while decoder.receive() { samples.push(decoder.frame, at: decoder.time) }
        }
        samples.drain()
        return samples.take(atLeast: 1, all: true)
    }

    /// One run cut to the stretch, with silence between the runs; nil where no sound lies in it.
    private static func flatten(
        _ runs: [SampleStream.Run],
        in interval: MediaInterval,
        rate: Int,
        channels: Int
    ) -> SampleStream.Run? {
        func place(_ time: MediaTime) -> Int {
            Int(((time - interval.start).inSeconds * Double(rate)).rounded())
        }
        let length = place(interval.end)
        let heard = runs.filter { !$0.samples.isEmpty && place($0.start) < length }
        guard let first = heard.map({ max(0, place($0.start)) }).min() else { return nil }
        var flat: [Float] = []
        for run in heard {
            let begin = place(run.start)
            let skipped = max(0, first + flat.count / channels - begin)
            let usable = min(run.samples.count / channels, length - begin)
            guard usable > skipped else { continue }
            let gap = max(0, begin - first - flat.count / channels)
            flat += [Float](repeating: 0, count: gap * channels)
            flat += run.samples[skipped * channels..<usable * channels]
        }
        guard !flat.isEmpty else { return nil }
        let offset = Duration.nanoseconds(Int64(first) * 1_000_000_000 / Int64(rate))
        return SampleStream.Run(start: interval.start + offset, samples: flat)
    }

    private func encode(
        _ pcm: SampleStream.Run,
        of stream: StreamInfo,
        rate: Int,
        channels: Int,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> (stream: StreamInfo, packets: [Packet]) {
        let encoder = try Encoder("aac") { context in
            context.sample_rate = Int32(clamping: rate)
            context.sample_fmt = AV_SAMPLE_FMT_FLTP
            av_channel_layout_default(&context.ch_layout, Int32(clamping: channels))
            context.bit_rate = Int64(channels * min(80_000, rate * 2))
            context.time_base = AVRational(num: 1, den: Int32(clamping: rate))
            context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
        }
        let frame = try FrameHolder()
        let frameSize = encoder.frameSize > 0 ? encoder.frameSize : 1024
        let begin = pcm.start.pts(in: encoder.timebase)
        let total = pcm.samples.count / channels
        var packets: [Packet] = []
        for offset in stride(from: 0, to: total, by: frameSize) {
            try interrupt.check()
            let count = min(frameSize, total - offset)
            try Self.fill(frame, from: pcm.samples, offset: offset, count: count, channels: channels, rate: rate)
            frame.pointer.pointee.pts = begin + Int64(offset)
            packets += try encoder.encode(frame.pointer, as: .audio)
        }
        packets += try encoder.encode(nil, as: .audio)
        let track = StreamInfo(
            kind: .audio,
            track: stream.track,
            title: stream.title,
            index: stream.index,
            timebase: encoder.timebase,
            parameters: try encoder.parameters()
        )
        return (track, packets)
    }

    private static func fill(
        _ frame: FrameHolder,
        from samples: [Float],
        offset: Int,
        count: Int,
        channels: Int,
        rate: Int
    ) throws(MediaError) {
        av_frame_unref(frame.pointer)
        frame.pointer.pointee.nb_samples = Int32(clamping: count)
        frame.pointer.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        frame.pointer.pointee.sample_rate = Int32(clamping: rate)
        av_channel_layout_default(&frame.pointer.pointee.ch_layout, Int32(clamping: channels))
        guard av_frame_get_buffer(frame.pointer, 0) >= 0, let planes = frame.pointer.pointee.extended_data else {
            throw MediaError(.cannotEncode, "There is no memory left for sound.")
        }
        for channel in 0..<channels {
            guard let plane = planes[channel] else { continue }
            plane.withMemoryRebound(to: Float.self, capacity: count) { target in
                for index in 0..<count { target[index] = samples[(offset + index) * channels + channel] }
            }
        }
    }
}
