import Foundation
import HypeDSP
import Testing

@Suite
struct LoudnessTests {
    @Test(arguments: [(1.0, -3.01), (0.1, -23.01)])
    func levelOfASineIsThreeDecibelsBelowItsPeak(amplitude: Double, expected: Double) {
        #expect(abs(Loudness.decibels(of: TestSignals.sine(1000, amplitude: amplitude)) - expected) < 0.01)
    }

    @Test
    func silenceAndNothingHaveTheLowestLevel() {
        #expect(Loudness.decibels(of: [0, 0, 0]) == Loudness.silence)
        #expect(Loudness.decibels(of: [Float]()) == Loudness.silence)
        #expect(Loudness.decibels(of: [1e-20]) == Loudness.silence)
    }

    @Test
    func sliceAndArrayMeasureAlike() {
        let samples = TestSignals.noise()
        #expect(Loudness.meanSquare(of: samples[100..<200]) == Loudness.meanSquare(of: Array(samples[100..<200])))
    }

    /// BS.1770-4: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS; the filters give 0.691 dB at 1 kHz.
    @Test(arguments: [16_000, 48_000])
    func referenceSineReadsItsLevel(sampleRate: Int) throws {
        var meter = try LoudnessMeter(sampleRate: sampleRate)
        #expect(meter.momentary == nil)
        meter.push((0..<sampleRate).map { Float(sin(2 * Double.pi * 997 * Double($0) / Double(sampleRate))) })
        let momentary = try #require(meter.momentary)
        #expect(abs(momentary + 3.01) < 0.05)
    }

    @Test
    func rumbleCountsLessThanVoice() throws {
        var rumble = try LoudnessMeter(sampleRate: 16_000)
        rumble.push(TestSignals.sine(25))
        var voice = try LoudnessMeter(sampleRate: 16_000)
        voice.push(TestSignals.sine(2500))
        let difference = try #require(voice.momentary) - (try #require(rumble.momentary))
        #expect(difference > 12)
    }

    @Test
    func silenceHasNoMomentaryLoudness() throws {
        var meter = try LoudnessMeter(sampleRate: 16_000)
        meter.push(TestSignals.sine(997))
        meter.push([Float](repeating: 0, count: 16_000))
        #expect(meter.momentary == nil)
    }
}
