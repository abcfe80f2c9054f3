import Foundation
import HypeCore
import HypeEmotion
import Testing

/// Measures the score on actors that the emotion model was not trained on, each going from calm to excited and back.
///
/// `HYPECLIP_EVALUATE=1` takes all held-out speakers instead of a few and writes the table to standard error.
@Suite(
    .enabled(if: VoiceTestFiles.hasShared && VoiceTestFiles.tool("ffmpeg") != nil, "needs ../shared and ffmpeg"),
    .enabled(if: VoiceTestFiles.hasSilero, "needs the Silero model: run Scripts/bootstrap"),
    .enabled(if: VoiceTestFiles.hasVoiceModel, "needs Models/voice-emotion.onnx")
)
struct VoiceExcitementEvaluationTests {
    private static let isThorough = ProcessInfo.processInfo.environment["HYPECLIP_EVALUATE"] != nil

    /// Speakers of each corpus; the model card names those kept from training.
    static let heldOut: [(corpus: String, speakers: [String])] =
        isThorough
        ? [
            ("ravdess", ["21", "22", "23", "24"]), ("emodb", ["15", "16"]),
            ("crema-d", ["1062", "1063", "1064", "1065", "1067", "1072", "1073", "1074", "1075", "1078"]),
        ] : [("ravdess", ["23", "24"]), ("emodb", ["15"])]

    @Test(arguments: [true, false])
    func excitedActorsScoreHigherThanCalmOnes(withModel: Bool) throws {
        for (corpus, speakers) in Self.heldOut {
            var calm: [Double] = []
            var excited: [Double] = []
            for speaker in speakers {
                let (low, high) = try Self.scores(corpus: corpus, speaker: speaker, withModel: withModel)
                calm += low
                excited += high
            }
            let area = Self.area(calm, excited)
            let quiet = Double(calm.count { $0 < 0.35 }) / Double(max(1, calm.count))
            let loud = Double(excited.count { $0 > 0.5 }) / Double(max(1, excited.count))
            Self.report("\(corpus) model \(withModel): AUC \(area), calm < 0.35 \(quiet), excited > 0.5 \(loud)")
            #expect(calm.count > 10 && excited.count > 10)
            // CREMA-D's happy clips are mostly of unspecified, mild intensity.
            #expect(area > (corpus == "crema-d" ? 0.85 : 0.95), "\(corpus): \(area)")
            #expect(quiet > 0.9, "\(corpus): \(quiet)")
            #expect(loud > (corpus == "crema-d" ? 0.35 : 0.7), "\(corpus): \(loud)")
        }
    }

    /// Scores of the calm and of the excited windows of one speaker's sequence.
    private static func scores(
        corpus: String,
        speaker: String,
        withModel: Bool
    ) throws -> (calm: [Double], excited: [Double]) {
        let (sound, labels) = try sequence(corpus: corpus, speaker: speaker)
        let model = withModel ? try VoiceEmotionModelTests.model(VoiceTestFiles.voiceModelURL) : nil
        let analyzer = try VoiceAnalyzer(detector: VoiceTestFiles.detector(), model: model)
        var calm: [Double] = []
        var excited: [Double] = []
        for observation in try analyzer.push(sound) {
            guard let score = observation.score, score > 0, observation.interval.start.seconds > 8 else { continue }
            let parts = labels.filter { $0.interval.overlaps(observation.interval) }
            if parts.allSatisfy(\.isExcited) {
                excited.append(score)
            } else if !parts.contains(where: \.isExcited) {
                calm.append(score)
            }
        }
        return (calm, excited)
    }

    /// Half of the calm clips, then two excited and two calm ones in turn.
    private static func sequence(
        corpus: String,
        speaker: String
    ) throws -> (sound: [Float], labels: [(interval: MediaInterval, isExcited: Bool)]) {
        let folder = try #require(VoiceTestFiles.shared).appending(path: "data/voice")
        let manifest = try String(contentsOf: folder.appending(path: "MANIFEST.csv"), encoding: .utf8)
        var calm: [String] = []
        var excited: [String] = []
        for line in manifest.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields[1] == corpus, fields[3].hasSuffix("-\(speaker)") else { continue }
            switch kind(corpus: corpus, path: fields[0], emotion: fields[2]) {
            case true: excited.append(fields[0])
            case false: calm.append(fields[0])
            case nil: break
            }
        }
        let limit = isThorough ? 60 : 8
        // Every so-many-th clip, so that all emotions and sentences take part.
        calm = stride(from: 0, to: calm.count, by: max(1, calm.count / limit)).map { calm[$0] }
        excited = stride(from: 0, to: excited.count, by: max(1, excited.count / limit)).map { excited[$0] }
        var order = calm.prefix(calm.count / 2).map { (path: $0, isExcited: false) }
        var rest = Array(calm.dropFirst(calm.count / 2))
        while !excited.isEmpty {
            order += excited.prefix(2).map { (path: $0, isExcited: true) }
            excited.removeFirst(min(2, excited.count))
            if rest.isEmpty { rest = Array(calm.prefix(calm.count / 2)) }
            order += rest.prefix(2).map { (path: $0, isExcited: false) }
            rest.removeFirst(min(2, rest.count))
        }
        var sound: [Float] = []
        var labels: [(interval: MediaInterval, isExcited: Bool)] = []
        for (path, isExcited) in order {
            let start = Double(sound.count) / 16_000
            sound += try VoiceTestFiles.samples(of: folder.appending(path: path))
            labels.append((MediaInterval(seconds: start..<Double(sound.count) / 16_000), isExcited))
        }
        return (sound, labels)
    }

    /// Whether a clip is excited (true), calm (false) or neither (nil).
    private static func kind(corpus: String, path: String, emotion: String) -> Bool? {
        let stem = path.split(separator: "/").last?.split(separator: ".").first ?? ""
        let isHigh = ["angry", "happy", "fearful", "surprised"].contains(emotion)
        let isLow = ["neutral", "calm", "sad", "boredom"].contains(emotion)
        switch corpus {
        case "ravdess":
            let isStrong = stem.split(separator: "-")[3] == "02"
            return isHigh && isStrong ? true : isLow && !isStrong ? false : nil
        case "crema-d": return isHigh ? true : isLow && !stem.hasSuffix("HI") ? false : nil
        default: return isHigh ? true : isLow ? false : nil
        }
    }

    /// Probability that an excited window scores higher than a calm one (area under the ROC curve).
    private static func area(_ calm: [Double], _ excited: [Double]) -> Double {
        var wins = 0.0
        for high in excited {
            for low in calm { wins += high > low ? 1 : high == low ? 0.5 : 0 }
        }
        return wins / Double(max(1, calm.count * excited.count))
    }

    private static func report(_ line: String) {
        guard isThorough else { return }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
