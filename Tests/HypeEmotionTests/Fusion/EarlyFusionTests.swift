import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

@Suite(.enabled(if: FusionTestModels.isThere, "needs Models/fusion-early.onnx"))
struct EarlyFusionTests {
    private let early: EarlyFusion
    private let description: FusionDescription

    init() throws {
        let models = try FusionTestModels.shipped.get()
        early = try models.makeEarly()
        description = models.description
    }

    private func readings(seed: UInt32, threshold: Double = 0) -> (face: BranchReading, voice: BranchReading) {
        var source = ReadingSource(seed: seed)
        return (
            source.reading(sharpness: 3, emotions: 7, width: description.early.face, threshold: threshold),
            source.reading(sharpness: 3, emotions: 8, width: description.early.voice, threshold: threshold)
        )
    }

    @Test(arguments: 1...20)
    func answersAreProbabilitiesAndSharesSumToOne(seed: UInt32) throws {
        let (face, voice) = readings(seed: seed)
        for sides in [(face, voice), (nil, voice), (face, nil)] as [(BranchReading?, BranchReading?)] {
            let fused = try #require(try early.fuse(face: sides.0, voice: sides.1))
            #expect(abs(fused.scores.basicSum - 1) < 1e-5)
            #expect(Emotion.allCases.allSatisfy { (0...1).contains(fused.scores[$0]) })
            #expect(abs(fused.shares.face + fused.shares.voice - 1) < 1e-6)
            #expect((0...1).contains(fused.shares.face))
        }
    }

    @Test
    func bothMissingIsNoAnswer() throws {
        #expect(try early.fuse(face: nil, voice: nil)?.scores == nil)
    }

    @Test
    func aBranchThatDropsOutLeavesNoTrace() throws {
        let (face, voice) = readings(seed: 3)
        let alone = try #require(try early.fuse(face: face, voice: nil))
        #expect(alone.shareList == [1, 0])
        #expect(Double(alone.threshold) == description.early.thresholds[.face].map { Double(Float($0)) })
        var unsure = voice
        unsure.threshold = 1.1
        let dropped = try #require(try early.fuse(face: face, voice: unsure))
        #expect(dropped.scores == alone.scores)
        unsure.embedding = []
        let unread = try #require(try early.fuse(face: face, voice: unsure), "what does not count needs no embedding")
        #expect(unread.scores == alone.scores)
        let both = try #require(try early.fuse(face: face, voice: voice))
        #expect(both.scores != alone.scores)
        let again = try #require(try early.fuse(face: face, voice: nil))
        #expect(again.scores == alone.scores, "a run leaves nothing behind for the next")
    }

    @Test
    func wrongEmbeddingsAreRefused() throws {
        let (face, voice) = readings(seed: 4)
        var short = face
        short.embedding.removeLast()
        var missing = voice
        missing.embedding = []
        var broken = voice
        broken.embedding[7] = .nan
        for sides in [(short, voice), (face, missing), (face, broken)] {
            let error = try #require(throws: EmotionError.self) { try early.fuse(face: sides.0, voice: sides.1) }
            #expect(error.code == .wrongEmbedding)
        }
        let fused = try #require(try early.fuse(face: face, voice: voice), "it works on after a refusal")
        #expect(abs(fused.scores.basicSum - 1) < 1e-5)
    }

    @Test(.enabled(if: FaceTestModels.hasExpression, "needs Models/face-expression.onnx"))
    func anotherModelIsRefused() throws {
        let url = try FaceTestModels.locator.url(of: .faceExpression)
        let other = try FaceTestModels.core.get().load(url, inputShapes: ["face": [3, 1, 48, 48]])
        let error = try #require(throws: EmotionError.self) {
            try EarlyFusion(model: other, description: description)
        }
        #expect(error.code == .unsuitableModel)
    }
}
