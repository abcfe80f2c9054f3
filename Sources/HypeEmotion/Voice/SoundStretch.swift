import HypeCore

/// Sound without a break, of which the newest part is kept.
struct SoundStretch {
    /// The samples that are kept.
    private(set) var samples: [Float] = []
    /// Presentation time of the stretch's first sample.
    private(set) var start = MediaTime.zero
    private var forgotten = 0

    /// Number of samples since the stretch began.
    var count: Int { forgotten + samples.count }

    /// Presentation time of the sample after the last.
    var end: MediaTime { time(of: count) }

    /// Appends a block that continues the stretch.
    ///
    /// Its time stamp dates the samples before it, too, so that a sound card's clock does not drift away over hours.
    mutating func append(_ block: AudioBlock) {
        start = block.start - Self.duration(of: count)
        samples += block.samples
    }

    /// Presentation time of a sample by its number in the stretch.
    func time(of index: Int) -> MediaTime {
        start + Self.duration(of: index)
    }

    /// Number in the stretch of the sample nearest to a time.
    func index(of time: MediaTime) -> Int {
        Int(((time - start).inSeconds * Double(AudioBlock.sampleRate)).rounded())
    }

    /// Position in ``samples`` of a sample by its number in the stretch.
    func local(_ index: Int) -> Int { index - forgotten }

    /// The samples of a range of numbers, or nil where not all of them are kept.
    func slice(from first: Int, to end: Int) -> [Float]? {
        guard first >= forgotten, end <= count, first <= end else { return nil }
        return Array(samples[local(first)..<local(end)])
    }

    /// Drops samples before a number in the stretch.
    mutating func forget(before index: Int) {
        let dropped = index - forgotten
        // Moving the rest costs more than the memory: only where it is worth it.
        guard dropped >= 16_000 else { return }
        samples.removeFirst(min(dropped, samples.count))
        forgotten = index
    }

    private static func duration(of samples: Int) -> Duration {
        .nanoseconds(Int64(samples) * 1_000_000_000 / Int64(AudioBlock.sampleRate))
    }
}
