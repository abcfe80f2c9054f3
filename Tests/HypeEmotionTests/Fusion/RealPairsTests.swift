import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// Both fusions on the only clips with a real face and voice of the same moment: six, of one actor.
///
/// Nothing can be claimed from six. `HYPECLIP_EVALUATE=1` prints the table of the card on standard error; the
/// expectations are about the path. The actor is one of those whose happy and sad sentences taught the voice net.
@Suite(
    .enabled(if: Webcam.isThere && FaceTestModels.hasDetectors, "needs ../shared/data/video and Scripts/bootstrap"),
    .enabled(if: FusionTestModels.isThere && VoiceTestFiles.hasSilero, "needs Models/fusion-early.onnx and Silero")
)
struct RealPairsTests {
    @Test(arguments: [
        ("ANG", Emotion.angry), ("DIS", .disgust), ("FEA", .fear), ("HAP", .happy), ("SAD", .sad), ("NEU", .neutral),
    ])
    func clipIsJudgedByAllFour(code: String, acted: Emotion) throws {
        let shared = try #require(VoiceTestFiles.shared)
        let file = shared.appending(path: "data/video/crema-d/1001_DFA_\(code)_XX.flv")
        let face = try #require(try Self.face(code))
        let voice = try #require(try Self.voice(file))
        #expect(face.embedding.count == 160 && voice.embedding.count == 384)

        let models = try FusionTestModels.shipped.get()
        let late = try #require(try models.late.fuse(face: face, voice: voice))
        let early = try #require(try models.makeEarly().fuse(face: face, voice: voice))
        for fused in [late, early] {
            #expect(abs(fused.scores.basicSum - 1) < 1e-4)
            #expect(abs(fused.shares.face + fused.shares.voice - 1) < 1e-5)
        }
        guard ProcessInfo.processInfo.environment["HYPECLIP_EVALUATE"] != nil else { return }
        let columns = [
            acted.rawValue, Self.cell(face.scores, face.threshold, acted),
            Self.cell(voice.scores, voice.threshold, acted),
            Self.cell(late.scores, late.threshold, acted), Self.cell(early.scores, early.threshold, acted),
            FusionWay.chosen(face: face, voice: voice)?.rawValue ?? "",
        ]
        FileHandle.standardError.write(Data(("| " + columns.joined(separator: " | ") + " |\n").utf8))
    }

    /// The mean over eight pictures a second of the surest face.
    private static func face(_ code: String) throws -> BranchReading? {
        let models = try FaceModels(core: FaceTestModels.core.get(), models: FaceTestModels.locator)
        let (detector, expression) = (try models.makeDetector(.short), try models.makeExpressionModel())
        let threshold = try Sidecar(beside: FaceTestModels.locator.url(of: .faceExpression)).threshold
        let frames = try Webcam.frames("../crema-d/1001_DFA_\(code)_XX.flv", from: 0, count: 14)
        let cuts = try frames.compactMap { frame in
            try detector.detect(in: frame.image).first.flatMap {
                FaceAligner.align(frame.image, rightEye: $0[.rightEye], leftEye: $0[.leftEye])
            }
        }
        return BranchReading.mean(
            of: try expression.readings(of: cuts).map {
                BranchReading(scores: $0.scores, embedding: $0.embedding, threshold: Float(threshold))
            }
        )
    }

    private static func voice(_ file: URL) throws -> BranchReading? {
        let sidecar = try Sidecar(beside: VoiceTestFiles.voiceModelURL)
        let reader = try ClipVoiceReader(
            detector: VoiceTestFiles.detector(),
            model: VoiceEmotionModelTests.model(VoiceTestFiles.voiceModelURL),
            temperature: sidecar.clipTemperature ?? 1
        )
        return try reader.read(VoiceTestFiles.samples(of: file)).map {
            BranchReading(
                scores: $0.emotion.basic,
                embedding: $0.embedding,
                threshold: Float(sidecar.clipThreshold ?? sidecar.threshold)
            )
        }
    }

    /// The answer with its probability and what the acted emotion gets; in brackets where it abstains.
    private static func cell(_ scores: EmotionScores, _ threshold: Float, _ acted: Emotion) -> String {
        let answer = scores.dominant
        let said = "\(answer.rawValue) \(Int((100 * scores[answer]).rounded())) %"
        let judged = scores[answer] < threshold ? "(\(said))" : answer == acted ? "**\(said)**" : said
        return answer == acted ? judged : "\(judged), acted \(Int((100 * scores[acted]).rounded())) %"
    }
}
