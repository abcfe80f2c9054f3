import HypeCore

/// How far eyes are open in comparison with what is usual for the person.
///
/// A pure value. Learns for each eye the aspect ratio that it does not exceed for four fifths of the time (people's open
/// eyes differ by half, and the two eyes of one person too) and takes it as fully open.
package struct EyeBaseline: Hashable, Sendable {
    /// Aspect ratio of a closed eye.
    ///
    /// The iris net leaves a gap between closed lids. On 13 people (2026-11-21) full blinks reached 0.04 to 0.10.
    package static let closedRatio: Float = 0.06
    /// Least aspect ratio that is taken for open, so that somebody who sleeps is not taken for somebody with small eyes.
    ///
    /// The smallest open eyes of 13 people (2026-11-21) had 0.23.
    package static let leastOpenRatio: Float = 0.18
    /// Part of the time in which eyes are at most as open as the baseline.
    private static let openQuantile = 0.8

    private var ratios: [Eye: DecayingHistogram]
    private let calibration: Duration

    /// Creates a baseline that has learned nothing.
    ///
    /// - Parameters:
    ///   - calibration: Time for which an eye must have been seen before it is judged.
    ///   - halfLife: Time after which what was seen counts half.
    package init(calibration: Duration, halfLife: Duration) {
        self.calibration = calibration
        let empty = DecayingHistogram(range: 0.05...0.55, bins: 100, halfLife: halfLife)
        ratios = [.right: empty, .left: empty]
    }

    /// Learns how an eye is.
    ///
    /// - Parameters:
    ///   - ratio: Aspect ratio.
    ///   - eye: Which eye.
    ///   - duration: How long it was so.
    package mutating func learn(_ ratio: Float, of eye: Eye, for duration: Duration) {
        ratios[eye]?.add(ratio, for: duration)
    }

    /// The aspect ratio at which an eye is fully open; nil until it has been seen long enough.
    package func openRatio(of eye: Eye) -> Float? {
        guard let seen = ratios[eye], seen.learned >= calibration.inSeconds else { return nil }
        return seen.quantile(Self.openQuantile).map { max($0, Self.leastOpenRatio) }
    }

    /// How far eyes are open.
    ///
    /// - Parameter face: The measures of a picture.
    /// - Returns: 0 (closed) to 1 (as far as usual) and up to 1.5, the mean of the eyes that can be judged; nil where none
    ///   can.
    package func openness(of face: FaceMeasures) -> Float? {
        let parts = Eye.allCases.compactMap { eye -> Float? in
            guard let ratio = face[eye], let open = openRatio(of: eye) else { return nil }
            return min(1.5, max(0, (ratio - Self.closedRatio) / (open - Self.closedRatio)))
        }
        return parts.isEmpty ? nil : parts.reduce(0, +) / Float(parts.count)
    }
}
