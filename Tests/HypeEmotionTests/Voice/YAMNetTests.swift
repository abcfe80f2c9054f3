import Foundation
import HypeEmotion
import HypeInference
import Testing

/// YAMNet in this runtime against OpenVINO's Python runtime, and against common sense.
@Suite(.enabled(if: SoundTestFiles.model != nil, "needs ../shared/data/models/yamnet.tflite"))
struct YAMNetTests {
    private let model: YAMNet

    init() throws {
        model = try YAMNet(model: InferenceCore().load(try #require(SoundTestFiles.model)))
    }

    @Test(arguments: ["noise", "chord", "jfk"])
    func scoresEqualPython(sound: String) throws {
        let expected = try #require(try SoundTestFiles.expected()[sound])
        let scores = try model.allScores(of: SoundTestFiles.sound(sound))
        #expect(scores.count == 521 && expected.count == 521)
        for (actual, expected) in zip(scores, expected) { #expect(abs(actual - expected) < 1e-3) }
    }

    @Test(arguments: [("noise", "Static"), ("chord", "Music"), ("jfk", "Speech")])
    func theSurestClassIsTheRightOne(sound: String, name: String) throws {
        let scores = try model.allScores(of: SoundTestFiles.sound(sound))
        let best = try #require(scores.indices.max { scores[$0] < scores[$1] })
        #expect(try SoundTestFiles.classMap()[best] == name)
    }

    @Test(arguments: ["noise", "chord", "jfk"])
    func nothingThatIsNoLaughIsTakenForOne(sound: String) throws {
        let scores = try model.scores(of: SoundTestFiles.sound(sound))
        #expect(scores.laughter < 0.05)
        #expect(scores.scream < 0.05)
    }

    @Test
    func classesAreThoseOfTheClassMap() throws {
        let names = try SoundTestFiles.classMap()
        try #require(names.count == 521)
        let groups = [YAMNet.laughter, YAMNet.scream, YAMNet.cheering, YAMNet.applause, YAMNet.crowd, YAMNet.programme]
        for (index, name) in groups.flatMap({ $0 }) { #expect(names[index] == name) }
        #expect(Set(groups.flatMap { $0 }.map(\.index)).count == groups.map(\.count).reduce(0, +))
    }

    @Test
    func anotherModelIsRefused() throws {
        let tiny = try InferenceCore().load(
            VoiceTestFiles.fixture("tiny-voice.onnx"),
            inputShapes: VoiceEmotionModel.inputShapes
        )
        #expect(throws: InferenceError.self) { try YAMNet(model: tiny) }
    }
}

/// YAMNet's files and sounds for it.
enum SoundTestFiles {
    /// The model, or nil.
    static let model: URL? = {
        guard let file = VoiceTestFiles.shared?.appending(path: "data/models/yamnet.tflite") else { return nil }
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()

    /// Names of the classes, by index.
    static func classMap() throws -> [String] {
        let file = try #require(model).deletingLastPathComponent().appending(path: "yamnet_class_map.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
        return lines.dropFirst().map { line in
            line.split(separator: ",", maxSplits: 2)[2].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
    }

    /// What the Python runtime scores, written by `Scripts/fixtures/make_sound_fixtures.py`.
    static func expected() throws -> [String: [Float]] {
        try JSONDecoder().decode([String: [Float]].self, from: Data(contentsOf: VoiceTestFiles.fixture("yamnet.json")))
    }

    /// The sounds of the fixtures.
    ///
    /// Shape `[15_600]`.
    static func sound(_ name: String) throws -> [Float] {
        switch name {
        case "noise": return Array(TestVoice.noise(amplitude: 0.1, seconds: 0.975))
        case "chord":
            return (0..<SoundScores.windowLength).map { index in
                let t = Double(index) / 16_000
                let tone = [261.6, 329.6, 392.0].map { sin(2 * Double.pi * $0 * t) }.reduce(0, +) / 6
                return Float(tone * exp(-2 * t.truncatingRemainder(dividingBy: 0.5)))
            }
        default:
            let file = try #require(VoiceTestFiles.shared).appending(path: "data/speech/jfk.wav")
            return Array(try VoiceTestFiles.samples(of: file)[80_000..<80_000 + SoundScores.windowLength])
        }
    }
}
