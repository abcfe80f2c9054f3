import Foundation
import HypeCore
import HypeMedia
import Testing

@Suite("Cleaning the voice")
struct VoiceFilterTests {
    private func clean(_ samples: [Float]) throws -> [Float] {
        let filter = try VoiceFilter()
        var output: [Float] = []
        for start in stride(from: 0, to: samples.count, by: SoundMixer.blockSize) {
            output += filter.clean(Array(samples[start..<min(samples.count, start + SoundMixer.blockSize)]))
        }
        return output
    }

    private func decibels(_ samples: ArraySlice<Float>) -> Double {
        10 * log10(samples.reduce(1e-12) { $0 + Double($1 * $1) } / Double(max(1, samples.count)))
    }

    /// Two seconds of a vowel-like sound between pauses of two seconds, over hiss and a hum of 50 Hz.
    private func noisyVoice(seconds: Int) -> (voice: [Float], noisy: [Float]) {
        var random = SplitMix64(seed: 6)
        var voice: [Float] = []
        var noisy: [Float] = []
        for index in 0..<seconds * 48_000 {
            let time = Double(index) / 48_000
            let speaks = Int(time) % 4 >= 2
            let envelope = speaks ? 0.6 + 0.4 * sin(2 * .pi * 4 * time) : 0
            let tone = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * time) / Double($1) }
            let clean = 0.15 * envelope * tone
            let hiss = (random.uniform() - 0.5) * 0.012
            let hum = 0.004 * sin(2 * .pi * 50 * time)
            voice.append(Float(clean))
            noisy.append(Float(clean + hiss + hum))
        }
        return (voice, noisy)
    }

    @Test("noise between words drops by 15 dB, the voice stays")
    func dropsNoise() throws {
        let (voice, noisy) = noisyVoice(seconds: 16)
        let cleaned = try clean(noisy)
        let pause = 48_000 * 13 - 24_000..<48_000 * 14 - 2400
        let speech = 48_000 * 14 + 4800..<48_000 * 15 + 38_400
        let noiseDrop = decibels(noisy[pause]) - decibels(cleaned[pause])
        let voiceChange = decibels(cleaned[speech]) - decibels(voice[speech])
        #expect(noiseDrop > 15)
        #expect(abs(voiceChange) < 2)
        print("noise between words: -\(noiseDrop) dB, voice \(voiceChange) dB")
    }

    @Test("what comes out lies where it went in")
    func keepsPlace() throws {
        let delay = try VoiceFilter.delay()
        #expect((0..<4800).contains(delay))
        var samples = [Float](repeating: 0, count: 96_000)
        for index in 0..<4800 {
            samples[48_000 + index] = 0.5 * Float(sin(2 * Double.pi * 700 * Double(index) / 48_000))
        }
        let cleaned = try clean(samples)
        #expect(cleaned.count > 48_000 + 9600)
        let onset = try #require(cleaned.indices.first { abs(cleaned[$0]) > 0.2 })
        #expect(abs(onset - 48_000) < 240)
        let end = try #require(cleaned.indices.last { abs(cleaned[$0]) > 0.2 })
        #expect(abs(end - 52_800) < 240)
    }
}
