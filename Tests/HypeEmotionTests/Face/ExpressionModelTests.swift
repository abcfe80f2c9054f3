import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

@Suite
struct ExpressionModelTests {
    private func model(outputName: String = "logits", batch: Int = 4) throws -> ExpressionModel {
        try FaceTestModels.inTemporaryFolder { folder in
            let url = try TinyExpressionModel.write(to: folder, outputName: outputName)
            let compiled = try FaceTestModels.core.get().load(url, inputShapes: ["face": [batch, 1, 48, 48]])
            return try ExpressionModel(model: compiled)
        }
    }

    private func cut(mouth: Float) throws -> [Float] {
        var picture = PixelBuffer.plain(width: 200, height: 200, gray: 90)
        let face = SyntheticFace(center: [100, 90], radius: 50, mouth: mouth)
        face.draw(on: &picture)
        return try #require(FaceAligner.align(picture, rightEye: face.rightEye, leftEye: face.leftEye))
    }

    @Test(arguments: [0, 1, 3, 4, 5, 11])
    func anyNumberOfFacesKeepsItsOrder(count: Int) throws {
        let cuts = try (0..<count).map { try cut(mouth: $0.isMultiple(of: 3) ? 1 : 0) }
        let scores = try model().scores(of: cuts)
        #expect(scores.count == count)
        for (index, score) in scores.enumerated() {
            #expect(score.dominant == (index.isMultiple(of: 3) ? .surprise : .neutral))
        }
    }

    @Test
    func probabilitiesSumToOneAndFollowTheLogits() throws {
        // All pixels 255: the surprise weights cancel, neutral gets 0.04 · 255 = 10.2, the other six 0.
        let scores = try model().scores(of: [[Float](repeating: 255, count: 48 * 48)])[0]
        let neutral = exp(Float(10.2)) / (exp(Float(10.2)) + 6)
        #expect(abs(scores[.neutral] - neutral) < 1e-4)
        #expect(abs(Emotion.basic.reduce(0) { $0 + scores[$1] } - 1) < 1e-5)
        #expect(scores[.calm] == 0)
    }

    @Test
    func readingsAreTheScoresAndAnOlderModelHasNoEmbedding() throws {
        let cuts = try (0..<5).map { try cut(mouth: $0.isMultiple(of: 3) ? 1 : 0) }
        let model = try model()
        let readings = try model.readings(of: cuts)
        #expect(readings.map(\.scores) == (try model.scores(of: cuts)))
        #expect(readings.allSatisfy { $0.embedding.isEmpty })
    }

    @Test(.enabled(if: FaceTestModels.hasExpression, "needs Models/face-expression.onnx"))
    func eachFaceGetsItsOwnEmbedding() throws {
        let cuts = try [0, 1, 0.5, 0, 1].map { try cut(mouth: $0) }
        let url = try FaceTestModels.locator.url(of: .faceExpression)
        let shapes = ["face": [4, 1, 48, 48]]
        let model = try ExpressionModel(model: FaceTestModels.core.get().load(url, inputShapes: shapes))
        let embeddings = try model.readings(of: cuts).map(\.embedding)
        #expect(embeddings.allSatisfy { $0.count == 160 })
        #expect(embeddings[0] != embeddings[1] && embeddings[1] != embeddings[2])
        for (first, second) in [(embeddings[0], embeddings[3]), (embeddings[1], embeddings[4])] {
            #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    @Test
    func modelOfAnotherKindIsRefused() throws {
        let error = try #require(throws: EmotionError.self) { try model(outputName: "classes") }
        #expect(error.code == .unsuitableModel)
        #expect(error.message.contains("logits"))
    }
}
