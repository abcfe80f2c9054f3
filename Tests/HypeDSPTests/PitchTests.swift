import Foundation
import HypeDSP
import Testing

@Suite
struct PitchTests {
    @Test(arguments: [75.0, 110, 143.7, 220, 330, 440, 612, 950])
    func toneWithHarmonicsHasItsPitch(frequency: Double) throws {
        let pitch = try Pitch()
        let estimate = try #require(pitch.estimate(of: TestSignals.harmonics(frequency), at: 160))
        #expect(abs(12 * log2(estimate.frequency / frequency)) < 0.2, "found \(estimate.frequency) Hz")
        #expect(estimate.aperiodicity < 0.1)
    }

    @Test(arguments: [120.0, 300])
    func missingFundamentalIsHeard(frequency: Double) throws {
        let pitch = try Pitch()
        let estimate = try #require(pitch.estimate(of: TestSignals.harmonics(frequency, fundamental: 0), at: 0))
        #expect(abs(12 * log2(estimate.frequency / frequency)) < 0.3)
    }

    @Test
    func noiseIsMostlyUnvoiced() throws {
        let pitch = try Pitch()
        let noise = TestSignals.noise(seconds: 4)
        let offsets = Array(stride(from: 0, to: noise.count - pitch.sampleCount, by: 512))
        let voiced = offsets.filter { pitch.estimate(of: noise, at: $0) != nil }
        #expect(Double(voiced.count) < 0.02 * Double(offsets.count))
    }

    @Test
    func silenceHasNoPitch() throws {
        let pitch = try Pitch()
        #expect(pitch.estimate(of: [Float](repeating: 0, count: pitch.sampleCount), at: 0) == nil)
    }

    @Test
    func loudnessDoesNotChangeThePitch() throws {
        let pitch = try Pitch()
        let loud = TestSignals.harmonics(200)
        let soft = loud.map { $0 * 0.01 }
        let estimates = [loud, soft].map { pitch.estimate(of: $0, at: 0)?.frequency ?? 0 }
        #expect(abs(estimates[0] - estimates[1]) < 0.5)
    }
}
