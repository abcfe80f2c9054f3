import Foundation

/// Measures momentary loudness in LUFS, the way a listener hears it.
///
/// ITU-R BS.1770-4: two filters (K-weighting), then the mean square over the last 400 ms, without gating. Filter
/// coefficients for any sample rate follow from the analogue prototypes as libebur128 derives them
/// (`ebur128_init_filter`).
package struct LoudnessMeter: Sendable {
    /// Length of the window in seconds (EBU Tech 3341, "momentary").
    package static let windowSeconds = 0.4
    /// Samples that are summed as one step of the sliding window (10 ms at 16 kHz).
    private static let stepsPerWindow = 40

    private var shelf: Biquad
    private var highPass: Biquad
    private let stepLength: Int
    private var steps: [Double] = []
    private var nextStep = 0
    private var sum = 0.0
    private var summed = 0

    /// Creates a meter that has heard silence so far.
    ///
    /// - Parameter sampleRate: Samples per second, at least 8000.
    /// - Throws: ``DSPError`` with code `.invalidSetting`.
    package init(sampleRate: Int) throws {
        guard sampleRate >= 8000 else {
            throw DSPError(.invalidSetting, "K-weighting needs at least 8000 Hz, not \(sampleRate) Hz")
        }
        shelf = Biquad.highShelf(sampleRate: Double(sampleRate))
        highPass = Biquad.highPass(sampleRate: Double(sampleRate))
        stepLength = Int(Double(sampleRate) * Self.windowSeconds) / Self.stepsPerWindow
    }

    /// Takes samples.
    ///
    /// - Parameter samples: Mono PCM in [-1, 1]. Shape `[sampleCount]`.
    package mutating func push(_ samples: [Float]) {
        for sample in samples {
            let weighted = highPass.filter(shelf.filter(Double(sample)))
            sum += weighted * weighted
            summed += 1
            if summed == stepLength { closeStep() }
        }
    }

    /// Loudness of the last 400 ms in LUFS, or nil before that much was heard or where it was silent.
    package var momentary: Double? {
        guard steps.count == Self.stepsPerWindow else { return nil }
        let meanSquare = steps.reduce(0, +) / Double(Self.stepsPerWindow * stepLength)
        return meanSquare > 1e-12 ? -0.691 + 10 * log10(meanSquare) : nil
    }

    private mutating func closeStep() {
        if steps.count < Self.stepsPerWindow {
            steps.append(sum)
        } else {
            steps[nextStep] = sum
            nextStep = (nextStep + 1) % Self.stepsPerWindow
        }
        sum = 0
        summed = 0
    }
}

/// A second-order filter in transposed direct form II.
private struct Biquad: Sendable {
    private let b0: Double
    private let b1: Double
    private let b2: Double
    private let a1: Double
    private let a2: Double
    private var z1 = 0.0
    private var z2 = 0.0

    private init(b: (Double, Double, Double), a: (Double, Double)) {
        (b0, b1, b2) = b
        (a1, a2) = a
    }

    mutating func filter(_ x: Double) -> Double {
        let y = b0 * x + z1
        z1 = b1 * x - a1 * y + z2
        z2 = b2 * x - a2 * y
        return y
    }

    /// The first stage: the head's effect, about +4 dB above 1.7 kHz.
    static func highShelf(sampleRate: Double) -> Biquad {
        let q = 0.7071752369554196
        let k = tan(Double.pi * 1681.974450955533 / sampleRate)
        let vh = pow(10, 3.999843853973347 / 20)
        let vb = pow(vh, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Biquad(
            b: ((vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0),
            a: (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
        )
    }

    /// The second stage: the ear's deafness below about 60 Hz.
    static func highPass(sampleRate: Double) -> Biquad {
        let q = 0.5003270373238773
        let k = tan(Double.pi * 38.13547087602444 / sampleRate)
        let a0 = 1 + k / q + k * k
        return Biquad(b: (1, -2, 1), a: (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0))
    }
}
