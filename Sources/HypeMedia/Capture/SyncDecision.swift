import HypeCore

/// How the samples of a device are brought to their places on the session's clock.
package enum SyncDecision: Hashable, Sendable {
    /// Stretched by so many millionths: above zero, more samples come out than go in.
    case stretch(ppm: Int)
    /// Put where they belong: so many samples are left out (below zero) or silent (above zero).
    case shift(samples: Int)

    /// Farther from their place samples are moved at once; nearer, they are stretched towards it.
    package static let farthest = Duration.milliseconds(40)
    /// Time in which stretching would close a distance.
    package static let settling = Duration.seconds(5)
    /// Most that is stretched to close a distance: 5 cents of pitch, which nobody hears in speech.
    package static let strongest = 3000.0

    /// Decides.
    ///
    /// - Parameters:
    ///   - distance: Where the next sample belongs less where it would be put, in samples.
    ///   - driftPPM: How fast the device's clock runs, in millionths.
    ///   - rate: Samples per second.
    /// - Returns: What to do until the next decision.
    package static func decide(distance: Double, driftPPM: Double, rate: Int) -> SyncDecision {
        guard abs(distance) <= farthest.inSeconds * Double(rate) else {
            return .shift(samples: Int(distance.rounded()))
        }
        let towards = distance / (settling.inSeconds * Double(rate)) * 1e6
        return .stretch(ppm: Int((min(strongest, max(-strongest, towards)) - driftPPM).rounded()))
    }
}
