import CFFmpeg
import HypeCore

/// Turns decoded sound into runs of samples whose places on the media clock stay true.
///
/// Each run is stamped by the PTS of the frame that it begins with and counted on from there, so the resampler's delay
/// does not shift it. Where a frame's PTS strays from the count by more than ``tolerance``, the filter is drained and
/// the count starts anew: short gaps are filled with silence, long ones begin a new run, overlaps are cut off.
final class SampleStream {
    /// Samples of one stretch without a gap.
    struct Run {
        /// Presentation time of the first sample.
        var start: MediaTime
        /// Interleaved PCM, each value between -1 and 1.
        ///
        /// Shape `[count, channels]`.
        var samples: [Float]
    }

    /// How far a PTS may stray from the sample count; time stamps in whole milliseconds and muxers' jitter stay below.
    static let tolerance = Duration.milliseconds(30)
    /// The longest gap that is filled with silence.
    static let longestFilledGap = Duration.seconds(2)

    private let resampler: Resampler
    private var anchor = MediaTime.zero
    private var consumed: Int64 = 0
    private var inputRate: Int64 = 0
    private var skip = 0
    private var pending: Run?
    private var finished: [Run] = []

    /// Creates a stream that comes out at a rate in Hz and with a number of channels.
    init(rate: Int, channels: Int) {
        resampler = Resampler(rate: rate, channels: channels)
    }

    /// Forgets everything, for reading elsewhere.
    func reset() {
        inputRate = 0
        skip = 0
        pending = nil
        finished = []
    }

    /// Takes a decoded frame; one that cannot be converted is dropped and leaves a gap.
    ///
    /// - Parameters:
    ///   - frame: The decoder's frame.
    ///   - time: Its presentation time, or nil to put it behind the one before.
    func push(_ frame: UnsafeMutablePointer<AVFrame>, at time: MediaTime?) {
        let expected = inputRate > 0 ? anchor + span(consumed, rate: inputRate) : nil
        guard let start = time ?? expected else { return }
        let strays = expected.map { (start - $0).nanoseconds.magnitude > Self.tolerance.nanoseconds.magnitude } ?? true
        if strays || !resampler.accepts(frame) {
            drain()
            guard resampler.prepare(for: frame) else { return }
            restart(at: start)
            inputRate = Int64(frame.pointee.sample_rate)
            consumed = 0
            anchor = start
        }
        append(resampler.convert(frame))
        consumed += Int64(frame.pointee.nb_samples)
    }

    /// Gets the last samples out of the filter.
    func drain() {
        guard inputRate > 0 else { return }
        append(resampler.convert(nil))
        inputRate = 0
    }

    /// Takes what is ready: finished runs whole, the run in progress only from `count` samples per channel on.
    ///
    /// - Parameters:
    ///   - count: How many samples per channel to wait for, at least 1.
    ///   - all: Whether the run in progress is wanted however short it is.
    /// - Returns: Runs in the order of time, none of them empty.
    func take(atLeast count: Int, all: Bool = false) -> [Run] {
        var runs = finished
        finished = []
        if let run = pending, !run.samples.isEmpty, all || run.samples.count >= count * resampler.channels {
            runs.append(run)
            pending = Run(start: end(of: run), samples: [])
        }
        return runs
    }

    private func restart(at start: MediaTime) {
        skip = 0
        guard var run = pending else {
            pending = Run(start: start, samples: [])
            return
        }
        let gap = start - end(of: run)
        let count = Int((gap.inSeconds * Double(resampler.rate)).rounded())
        if gap > Self.longestFilledGap {
            if !run.samples.isEmpty { finished.append(run) }
            pending = Run(start: start, samples: [])
        } else if count >= 0 {
            run.samples += [Float](repeating: 0, count: count * resampler.channels)
            pending = run
        } else {
            skip = -count
        }
    }

    private func append(_ samples: [Float]) {
        let dropped = min(skip * resampler.channels, samples.count)
        skip -= dropped / resampler.channels
        pending?.samples += samples[dropped...]
    }

    private func end(of run: Run) -> MediaTime {
        run.start + span(Int64(run.samples.count / resampler.channels), rate: Int64(resampler.rate))
    }

    private func span(_ count: Int64, rate: Int64) -> Duration {
        .nanoseconds(MediaTime(pts: count, timebase: Timebase(1, Int32(clamping: rate))).nanoseconds)
    }
}
