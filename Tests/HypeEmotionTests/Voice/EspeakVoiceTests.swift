import Foundation
import HypeCore
import HypeEmotion
import Testing

/// The whole path with the real models on synthetic speech.
@Suite(
    .enabled(if: VoiceTestFiles.hasSilero, "needs the Silero model: run Scripts/bootstrap"),
    .enabled(if: VoiceTestFiles.hasEspeak, "needs espeak-ng and ffmpeg"),
    .enabled(if: VoiceTestFiles.hasVoiceModel, "needs Models/voice-emotion.onnx")
)
struct EspeakVoiceTests {
    static let calmText = """
        So I am just walking through the forest here, looking for some wood. It is a nice and quiet evening. \
        Let us see what is over there, behind the hill. Maybe we should go back home before the night comes.
        """
    static let wildText = "Oh my god! Did you see that? No way! That was insane! Let's go! We won the game!"

    @Test(arguments: [false, true])
    func calmIsCalmAndExcitementIsFound(withModel: Bool) throws {
        let calm = try VoiceTestFiles.speech(Self.calmText, pitch: 45, speed: 150, amplitude: 60)
        let wild = try VoiceTestFiles.speech(Self.wildText, pitch: 80, speed: 220, amplitude: 200)
        let model = withModel ? try VoiceEmotionModelTests.model(VoiceTestFiles.voiceModelURL) : nil
        let analyzer = try VoiceAnalyzer(detector: VoiceTestFiles.detector(), model: model)
        let observations = try analyzer.push(calm + calm + wild + calm) + analyzer.finish()
        let start = Double(2 * calm.count) / 16_000
        let end = start + Double(wild.count) / 16_000
        let before = observations.filter { $0.interval.end.seconds <= start }
        let during = observations.filter { $0.interval.start.seconds >= start && $0.interval.end.seconds <= end }
        let after = observations.filter { $0.interval.start.seconds >= end }
        #expect(before.allSatisfy { ($0.score ?? 1) < 0.35 }, "\(before.compactMap(\.score).max() ?? 1)")
        #expect(during.count > 4)
        #expect(during.allSatisfy { ($0.score ?? 0) > 0.6 }, "\(during.compactMap(\.score).min() ?? 0)")
        #expect(after.allSatisfy { ($0.score ?? 1) < 0.35 }, "\(after.compactMap(\.score).max() ?? 1)")
    }

    @Test
    func excitementIsFoundOverGameNoise() throws {
        let calm = try VoiceTestFiles.speech(Self.calmText, pitch: 45, speed: 150, amplitude: 60)
        let wild = try VoiceTestFiles.speech(Self.wildText, pitch: 80, speed: 220, amplitude: 200)
        let voice = calm + wild
        let noise = TestVoice.noise(amplitude: 0.01, seconds: Double(voice.count) / 16_000 + 0.1)
        let analyzer = try VoiceAnalyzer(detector: VoiceTestFiles.detector(), model: nil)
        let observations = try analyzer.push(zip(voice, noise).map(+))
        let start = Double(calm.count) / 16_000
        let during = observations.filter { $0.interval.start.seconds >= start }
        #expect(during.allSatisfy { ($0.score ?? 0) > 0.5 })
        #expect(observations.allSatisfy { $0.interval.end.seconds > start || ($0.score ?? 1) < 0.35 })
    }

    @Test(arguments: ["noise", "music"])
    func gameSoundWithoutVoiceIsQuiet(kind: String) throws {
        let sound = kind == "noise" ? Self.explosions() : Self.music()
        let analyzer = try VoiceAnalyzer(detector: VoiceTestFiles.detector(), model: nil)
        let observations = try analyzer.push(sound)
        #expect(observations.count > 30)
        #expect(observations.allSatisfy { ($0.score ?? 1) < 0.35 })
    }

    /// Soft noise with a loud burst each three seconds.
    private static func explosions() -> [Float] {
        TestVoice.noise(amplitude: 1, seconds: 20).enumerated().map { index, sample in
            let phase = Double(index % 48_000) / 16_000
            return sample * Float(0.02 + 0.6 * exp(-3 * phase))
        }
    }

    /// Three-note chords of decaying harmonics, loud from the middle on.
    private static func music() -> [Float] {
        let roots = [220.0, 261.6, 196, 293.7, 329.6, 246.9]
        return (0..<320_000).map { index in
            let t = Double(index) / 16_000
            let root = roots[Int(t / 0.5) % roots.count]
            let age = t.truncatingRemainder(dividingBy: 0.5)
            var value = 0.0
            for ratio in [1, 1.26, 1.5] {
                for harmonic in 1..<5 {
                    value += sin(2 * Double.pi * root * ratio * Double(harmonic) * t) / Double(harmonic)
                }
            }
            return Float((t < 10 ? 0.03 : 0.12) * exp(-4 * age) * value)
        }
    }
}
