import CFFmpeg
import HypeCore

/// The sound tracks of a capture: the mix as AAC, and the clean voice as a second track where there is a microphone.
///
/// Belongs to one thread.
package final class SoundTracks {
    private final class Track {
        let encoder: Encoder
        let stream: StreamInfo
        let channels: Int
        private let frame: FrameHolder
        private var waiting: [Float] = []
        private var position: Int64 = 0

        init(number: Int, title: String, channels: Int, bitRate: Int64) throws(MediaError) {
            self.channels = channels
            frame = try FrameHolder()
            // The native encoder's default search costs three times as much and is not heard at these rates.
            encoder = try Encoder("aac", options: ["aac_coder": "fast"]) { context in
                context.sample_rate = Int32(SoundMixer.rate)
                context.sample_fmt = AV_SAMPLE_FMT_FLTP
                av_channel_layout_default(&context.ch_layout, Int32(clamping: channels))
                context.bit_rate = bitRate
                context.time_base = AVRational(num: 1, den: Int32(SoundMixer.rate))
                context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
            }
            stream = StreamInfo(
                kind: .audio,
                track: number,
                title: title,
                index: 1 + number,
                timebase: encoder.timebase,
                parameters: try encoder.parameters()
            )
        }

        func encode(_ samples: [Float], at start: Int64) throws(MediaError) -> [Packet] {
            if waiting.isEmpty || start != position + Int64(waiting.count / channels) {
                // A gap: the rest of the frame before it is too short to be heard.
                waiting = []
                position = start
            }
            waiting += samples
            let size = encoder.frameSize > 0 ? encoder.frameSize : SoundMixer.blockSize
            var packets: [Packet] = []
            while waiting.count >= size * channels {
                try fill(size)
                frame.pointer.pointee.pts = position
                packets += try encoder.encode(frame.pointer, as: .audio).map { $0.moved(toTrack: stream.track) }
                waiting.removeFirst(size * channels)
                position += Int64(size)
            }
            return packets
        }

        private func fill(_ size: Int) throws(MediaError) {
            av_frame_unref(frame.pointer)
            frame.pointer.pointee.nb_samples = Int32(clamping: size)
            frame.pointer.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
            frame.pointer.pointee.sample_rate = Int32(SoundMixer.rate)
            av_channel_layout_default(&frame.pointer.pointee.ch_layout, Int32(clamping: channels))
            guard av_frame_get_buffer(frame.pointer, 0) >= 0, let planes = frame.pointer.pointee.extended_data else {
                throw MediaError(.cannotEncode, "There is no memory left for sound.")
            }
            waiting.withUnsafeBufferPointer { source in
                for channel in 0..<channels {
                    planes[channel]?.withMemoryRebound(to: Float.self, capacity: size) { plane in
                        var index = 0
                        while index < size {
                            plane[index] = source[index * channels + channel]
                            index += 1
                        }
                    }
                }
            }
        }
    }

    private let mix: Track
    private let voice: Track?
    private var filter: VoiceFilter?
    private var cleaned: Int64 = 0
    private var expected: Int64?

    /// Why the voice is not cleaned; nil where it is.
    package let remark: CaptureFailure?

    /// Opens the encoders.
    ///
    /// - Parameter hasVoice: Whether there is a microphone.
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package init(hasVoice: Bool) throws(MediaError) {
        _ = LibAV.silenced
        mix = try Track(number: 0, title: "Mix", channels: 2, bitRate: 160_000)
        voice = hasVoice ? try Track(number: 1, title: "Microphone", channels: 1, bitRate: 96_000) : nil
        guard hasVoice else {
            remark = nil
            return
        }
        do {
            filter = try VoiceFilter()
            remark = nil
        } catch {
            // The track stays, so that clips keep their form; it is the voice as it came.
            remark = error
        }
    }

    /// The tracks, in the order of their importance.
    package var streams: [StreamInfo] { [mix.stream] + (voice.map { [$0.stream] } ?? []) }

    /// Encodes a block.
    ///
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package func encode(_ block: SoundMixer.Block) throws(MediaError) -> [Packet] {
        var packets = try mix.encode(block.mix, at: block.start)
        guard let voice, !block.voice.isEmpty else { return packets }
        if expected != block.start {
            cleaned = block.start
            if expected != nil, filter != nil { filter = try? VoiceFilter() }
        }
        expected = block.start + Int64(block.voice.count)
        let samples = filter?.clean(block.voice) ?? block.voice
        packets += try voice.encode(samples, at: cleaned)
        cleaned += Int64(samples.count)
        return packets
    }
}
