import Foundation
import HypeCore

/// The loudness of the last stretch of sound.
package struct LevelMeter: Sendable {
    private let length: Int
    private var newest: [Float] = []

    /// Creates a meter over the last samples of a span.
    package init(span: Duration) {
        length = max(1, Int(span.inSeconds * Double(AudioBlock.sampleRate)))
    }

    /// Takes the next samples, mono PCM in [-1, 1] at 16 kHz.
    package mutating func push(_ samples: [Float]) {
        newest += samples.suffix(length)
        if newest.count > length { newest.removeFirst(newest.count - length) }
    }

    /// Root mean square in dB of full scale, -120…0; nil before the first sample.
    package var decibels: Double? {
        guard !newest.isEmpty else { return nil }
        let sum = newest.reduce(0.0) { $0 + Double($1) * Double($1) }
        return max(-120, min(0, 10 * log10(max(1e-12, sum / Double(newest.count)))))
    }
}
