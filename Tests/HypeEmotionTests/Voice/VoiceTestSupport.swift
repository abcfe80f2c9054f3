import Foundation
import HypeCore
import HypeDSP
import HypeEmotion
import HypeInference

/// Takes a chunk for speech where it is loud enough, so that tests can plant speech without a model.
final class LoudSpeechDetector: SpeechDetecting {
    private(set) var resets = 0
    private let threshold: Float

    init(threshold: Float = 0.01) { self.threshold = threshold }

    func probability(of chunk: [Float]) -> Float {
        chunk.contains { abs($0) > threshold } ? 0.95 : 0.02
    }

    func reset() { resets += 1 }
}

/// Never hears speech.
final class DeafDetector: SpeechDetecting {
    private let answer: Float
    init(answer: Float = 0.01) { self.answer = answer }
    func probability(of chunk: [Float]) -> Float { answer }
    func reset() {}
}

/// Gives the same answer each time and counts the questions.
final class FixedEmotionModel: VoiceEmotionEstimating {
    private(set) var calls = 0
    private let arousal: Double

    init(arousal: Double) { self.arousal = arousal }

    func predict(_ spectrogram: MelSpectrogram) -> VoicePrediction {
        calls += 1
        return VoicePrediction(emotion: EmotionScores([.happy: 1]), arousal: arousal)
    }
}

/// Voices with a fixed formula.
enum TestVoice {
    static let rate = 16_000

    /// A buzz with harmonics whose level breathes like syllables.
    static func buzz(pitch: Double, amplitude: Double, seconds: Double, brightness: Double = 1) -> [Float] {
        (0..<Int(seconds * Double(rate))).map { index in
            let t = Double(index) / Double(rate)
            let phase = 2 * Double.pi * pitch * t
            var value = 0.0
            for harmonic in 1..<12 { value += pow(Double(harmonic), -2 + brightness) * sin(Double(harmonic) * phase) }
            return Float(amplitude * (0.75 + 0.25 * sin(2 * Double.pi * 4 * t)) * value)
        }
    }

    static func silence(seconds: Double) -> [Float] {
        [Float](repeating: 0, count: Int(seconds * Double(rate)))
    }

    static func noise(amplitude: Double, seconds: Double) -> [Float] {
        var state: UInt32 = 7
        return (0..<Int(seconds * Double(rate))).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            return Float(amplitude * (Double(state) / 2_147_483_648 - 1))
        }
    }
}

extension VoiceAnalyzer {
    /// Feeds samples in blocks and returns all observations, without ending the sound.
    func push(_ samples: [Float], from start: MediaTime = .zero, blockLength: Int = 1600) throws -> [Observation] {
        var observations: [Observation] = []
        for first in stride(from: 0, to: samples.count, by: blockLength) {
            let block = Array(samples[first..<min(first + blockLength, samples.count)])
            observations += try push(AudioBlock(start: start + .nanoseconds(Int64(first) * 62_500), samples: block))
        }
        return observations
    }
}

extension Observation {
    /// The voice evidence, or nil.
    var voice: VoiceEvidence? {
        guard case .voice(let evidence)? = evidence else { return nil }
        return evidence
    }
}

/// Sound and models that tests find outside of the sources.
enum VoiceTestFiles {
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The shared folder of recordings, or nil.
    static let shared: URL? = {
        let environment = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(filePath: $0) }
        let folder = environment ?? repository.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: folder.appending(path: "data/voice").path) ? folder : nil
    }()

    static let sileroURL = repository.appending(path: ".deps/models/silero_vad_openvino_16k.onnx")
    static let voiceModelURL = repository.appending(path: "Models/voice-emotion.onnx")

    static var hasSilero: Bool { FileManager.default.fileExists(atPath: sileroURL.path) }
    static var hasVoiceModel: Bool { FileManager.default.fileExists(atPath: voiceModelURL.path) }
    static var hasShared: Bool { shared != nil }
    static var hasEspeak: Bool { tool("espeak-ng") != nil && tool("ffmpeg") != nil }

    /// Path of a program, or nil.
    static func tool(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program and returns its standard output.
    static func output(of name: String, _ arguments: [String], input: Data? = nil) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: tool(name) ?? name)
        process.arguments = arguments
        let out = Pipe()
        let into = Pipe()
        process.standardOutput = out
        process.standardInput = into
        try process.run()
        let writer = Thread {
            if let input { try? into.fileHandleForWriting.write(contentsOf: input) }
            try? into.fileHandleForWriting.close()
        }
        writer.start()
        let data = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data
    }

    /// The samples of a sound file at 16 kHz, mono.
    static func samples(of url: URL) throws -> [Float] {
        floats(
            try output(
                of: "ffmpeg",
                ["-nostdin", "-v", "error", "-i", url.path, "-f", "f32le", "-ac", "1", "-ar", "16000", "-"]
            )
        )
    }

    /// Speech from espeak-ng at 16 kHz, mono.
    static func speech(_ text: String, pitch: Int, speed: Int, amplitude: Int) throws -> [Float] {
        let wave = try output(
            of: "espeak-ng",
            ["-v", "en-us", "-p", "\(pitch)", "-s", "\(speed)", "-a", "\(amplitude)", "--stdout", text]
        )
        let arguments = ["-v", "error", "-i", "-", "-f", "f32le", "-ac", "1", "-ar", "16000", "-"]
        return floats(try output(of: "ffmpeg", arguments, input: wave))
    }

    private static func floats(_ data: Data) -> [Float] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }

    /// A folder of fixtures beside the tests.
    static func fixture(_ name: String) throws -> URL {
        guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return url
    }

    /// A new speech detector.
    static func detector() throws -> VoiceActivity {
        try VoiceActivity(model: InferenceCore().load(sileroURL))
    }
}
