import Foundation

/// Measures how loud sound is.
package enum Loudness {
    /// The level reported for digital silence, in dBFS.
    package static let silence = -120.0

    /// The RMS level in dB relative to full scale (a full-scale square wave has 0 dBFS).
    ///
    /// - Parameter samples: Mono PCM in [-1, 1]. Shape `[sampleCount]`.
    /// - Returns: At least ``silence``, which is also the level of no samples at all.
    package static func decibels(of samples: some Collection<Float>) -> Double {
        decibels(ofMeanSquare: meanSquare(of: samples))
    }

    /// The level in dBFS of a mean square.
    package static func decibels(ofMeanSquare meanSquare: Double) -> Double {
        meanSquare > 0 ? max(silence, 10 * log10(meanSquare)) : silence
    }

    /// The mean of the squared samples, 0 where there are none.
    package static func meanSquare(of samples: some Collection<Float>) -> Double {
        guard !samples.isEmpty else { return 0 }
        let sum =
            samples.withContiguousStorageIfAvailable { samples in
                var sum = 0.0
                for sample in samples { sum += Double(sample) * Double(sample) }
                return sum
            } ?? samples.reduce(0) { $0 + Double($1) * Double($1) }
        return sum / Double(samples.count)
    }
}
