import Foundation
import HypeCore

/// Signals with a fixed formula.
enum TestSignals {
    static let rate = Double(AudioBlock.sampleRate)

    /// The signal of `Scripts/fixtures/make_dsp_fixtures.py`, one second.
    static func fixture() -> [Float] {
        var state: UInt32 = 12_345
        return (0..<16_000).map { index in
            let t = Double(index) / rate
            let phase = 2 * Double.pi * (140 * t + 60 * t * t)
            var tone = 0.0
            for harmonic in 1..<13 { tone += sin(Double(harmonic) * phase) / Double(harmonic) }
            state = 1_664_525 &* state &+ 1_013_904_223
            let noise = Double(state) / 2_147_483_648 - 1
            let burst = t >= 0.5 && t < 0.55 ? 0.3 : 0.002
            return Float(0.12 * (0.5 + 0.5 * sin(2 * Double.pi * 3 * t)) * tone + burst * noise)
        }
    }

    static func sine(_ frequency: Double, amplitude: Double = 0.5, seconds: Double = 1) -> [Float] {
        (0..<Int(seconds * rate)).map { Float(amplitude * sin(2 * Double.pi * frequency * Double($0) / rate)) }
    }

    /// A tone with falling harmonics, as voice has, whose fundamental may be weak.
    static func harmonics(_ frequency: Double, fundamental: Double = 1, seconds: Double = 0.2) -> [Float] {
        (0..<Int(seconds * rate)).map { index in
            let phase = 2 * Double.pi * frequency * Double(index) / rate
            var value = fundamental * sin(phase)
            for harmonic in 2..<8 where Double(harmonic) * frequency < 7000 {
                value += sin(Double(harmonic) * phase + Double(harmonic)) / Double(harmonic)
            }
            return Float(0.2 * value)
        }
    }

    static func noise(amplitude: Double = 0.3, seconds: Double = 1, seed: UInt32 = 1) -> [Float] {
        var state = seed
        return (0..<Int(seconds * rate)).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return Float(amplitude * (Double(state) / 2_147_483_648 - 1))
        }
    }
}
