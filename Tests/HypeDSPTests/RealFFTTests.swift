import Foundation
import HypeDSP
import Testing

@Suite
struct RealFFTTests {
    @Test(arguments: [16, 400, 512, 1024])
    func equalsTheDefinition(count: Int) throws {
        let transform = try RealFFT(count: count)
        let samples = Array(TestSignals.fixture().dropFirst(3000).prefix(count + 5))
        var spectrum: [Float] = []
        transform.spectrum(of: samples, at: 5, window: Window.rectangle(count: count), into: &spectrum)
        for bin in [0, 1, count / 4, count / 2] {
            var re = 0.0
            var im = 0.0
            for index in 0..<count {
                let angle = 2 * Double.pi * Double(bin) * Double(index) / Double(count)
                re += Double(samples[5 + index]) * cos(angle)
                im -= Double(samples[5 + index]) * sin(angle)
            }
            #expect(abs(Double(spectrum[2 * bin]) - re) < 1e-4)
            #expect(abs(Double(spectrum[2 * bin + 1]) - im) < 1e-4)
        }
    }

    @Test
    func inverseGivesTheSamplesBack() throws {
        let transform = try RealFFT(count: 1024)
        let samples = Array(TestSignals.fixture().prefix(1024))
        var spectrum: [Float] = []
        var back: [Float] = []
        transform.spectrum(of: samples, at: 0, window: Window.rectangle(count: 1024), into: &spectrum)
        transform.samples(from: spectrum, into: &back)
        for (actual, expected) in zip(back, samples) { #expect(abs(actual - expected) < 1e-5) }
    }

    @Test
    func powerObeysParseval() throws {
        let transform = try RealFFT(count: 512)
        let samples = TestSignals.noise(seconds: 0.032)
        var power: [Float] = []
        transform.power(of: samples, at: 0, window: Window.rectangle(count: 512), into: &power)
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        let sides = power[1..<256].reduce(0.0) { $0 + Double($1) } * 2
        #expect(abs((Double(power[0]) + Double(power[256]) + sides) / 512 - energy) < 1e-3 * energy)
    }

    @Test
    func shortWindowIsFilledWithZeros() throws {
        let transform = try RealFFT(count: 64)
        var power: [Float] = []
        transform.power(of: TestSignals.sine(100), at: 0, window: Window.rectangle(count: 64), into: &power)
        transform.power(of: [1], at: 0, window: [1], into: &power)
        #expect(power.allSatisfy { abs($0 - 1) < 1e-6 })
    }

    @Test(arguments: [0, 3, 5, 70_000])
    func impossibleLengthsAreRefused(count: Int) {
        #expect { try RealFFT(count: count) } throws: { ($0 as? DSPError)?.code == .invalidSetting }
    }
}
