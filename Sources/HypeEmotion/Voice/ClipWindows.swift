import Foundation

/// Where in a clip the voice model looks: the same places as in `windows` and `speech_bounds` of
/// `Training/hypetrain/voice`, so that figures from there hold here.
package enum ClipWindows {
    /// Samples between two windows: 0.5 s.
    package static let hop = 8_000
    /// Samples of a frame of ``bounds(of:)``: 20 ms.
    private static let frame = 320
    /// How far below the loud frames speech may lie, in dB.
    private static let range = 34.0

    /// The stretch from the first to the last loud frame: 20 ms frames within 34 dB of the 95th percentile of the
    /// level, with 60 ms around them.
    ///
    /// - Parameter samples: Mono PCM at 16 kHz.
    /// - Returns: Positions of samples; nil where the clip is shorter than a frame.
    package static func bounds(of samples: [Float]) -> Range<Int>? {
        let count = samples.count / frame
        guard count > 0 else { return nil }
        let levels = (0..<count).map { index -> Double in
            var sum = 0.0
            for place in index * frame..<(index + 1) * frame { sum += Double(samples[place]) * Double(samples[place]) }
            return 10 * log10(sum / Double(frame) + 1e-12)
        }
        let limit = percentile(levels, 0.95) - range
        guard let first = levels.firstIndex(where: { $0 > limit }), let last = levels.lastIndex(where: { $0 > limit })
        else { return nil }
        return max(0, (first - 3) * frame)..<min(samples.count, (last + 4) * frame)
    }

    /// The windows of a stretch: every 0.5 s, the last one at the end where more than 125 ms would be left over.
    ///
    /// A stretch shorter than a window stands in the middle of one.
    /// - Parameter stretch: Positions of samples.
    /// - Returns: Position of each window's first sample; may lie before 0, and windows may reach past the clip's end,
    ///   where there is silence.
    package static func starts(in stretch: Range<Int>) -> [Int] {
        let window = VoiceEmotionModel.windowLength
        guard stretch.count > window else { return [stretch.lowerBound - (window - stretch.count) / 2] }
        var starts = Array(stride(from: stretch.lowerBound, through: stretch.upperBound - window, by: hop))
        if let last = starts.last, last + window < stretch.upperBound - hop / 4 {
            starts.append(stretch.upperBound - window)
        }
        return starts
    }

    /// The samples of a window, with silence outside of the clip.
    package static func window(at start: Int, of samples: [Float]) -> [Float] {
        let end = start + VoiceEmotionModel.windowLength
        let inside = max(0, start)..<max(max(0, start), min(samples.count, end))
        var window = [Float](repeating: 0, count: VoiceEmotionModel.windowLength)
        for index in inside { window[index - start] = samples[index] }
        return window
    }

    /// The value below which a part of the values lies, interpolated linearly as NumPy does.
    private static func percentile(_ values: [Double], _ part: Double) -> Double {
        let sorted = values.sorted()
        let place = part * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
