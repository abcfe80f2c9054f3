import HypeCore

/// Samples that are judged together, and when each of them was heard.
///
/// Gaps that the reader does not fill close up, so that silence without samples is no part of a voice; the anchors say
/// when the samples after a gap were heard.
struct SoundPiece: Sendable {
    /// Mono PCM at 16 kHz.
    private(set) var samples: [Float] = []
    private var anchors: [(first: Int, time: MediaTime)] = []

    /// Takes the samples of a block in.
    mutating func append(_ block: AudioBlock) {
        if anchors.isEmpty || time(of: samples.count) != block.start { anchors.append((samples.count, block.start)) }
        samples += block.samples
    }

    /// When a place counted from the first sample, as a time from zero on, was heard.
    func mediaTime(of place: MediaTime) -> MediaTime {
        time(of: Int((place.seconds * Double(AudioBlock.sampleRate)).rounded()))
    }

    /// The stretch of media time for a stretch counted from the first sample; as long as that one.
    func mediaInterval(of stretch: MediaInterval) -> MediaInterval {
        let start = mediaTime(of: stretch.start)
        return MediaInterval(start: start, end: start + stretch.duration)
    }

    private func time(of sample: Int) -> MediaTime {
        guard let anchor = anchors.last(where: { $0.first <= sample }) ?? anchors.first else { return .zero }
        let span = Int64(sample - anchor.first) * 1_000_000_000 / Int64(AudioBlock.sampleRate)
        return anchor.time + .nanoseconds(span)
    }
}
