import HypeCore
import HypeEmotion
import Testing

@Suite
struct BranchReadingTests {
    @Test
    func calmCountsAsNeutralForSureness() {
        let scores = EmotionScores([.neutral: 0.3, .calm: 0.3, .happy: 0.4])
        #expect(BranchReading(scores: scores, threshold: 0.55).isSure)
        #expect(!BranchReading(scores: scores, threshold: 0.65).isSure)
    }

    @Test
    func meanOfSeveralPictures() throws {
        let first = BranchReading(scores: EmotionScores([.happy: 1]), embedding: [1, 3], threshold: 0.4)
        let second = BranchReading(scores: EmotionScores([.sad: 1]), embedding: [2, 5], threshold: 0.9)
        let mean = try #require(BranchReading.mean(of: [first, second]))
        #expect(mean.scores[.happy] == 0.5 && mean.scores[.sad] == 0.5)
        #expect(mean.embedding == [1.5, 4])
        #expect(mean.threshold == 0.4)
        #expect(BranchReading.mean(of: []) == nil)
        let bare = BranchReading(scores: EmotionScores([.sad: 1]), threshold: 0.4)
        #expect(try #require(BranchReading.mean(of: [first, bare])).embedding.isEmpty)
    }

    @Test(
        arguments: [
            (0.9, 0.9, FusionWay.both), (0.9, 0.1, .face), (0.1, 0.9, .voice), (0.1, 0.1, .both), (nil, 0.1, .voice),
            (0.1, nil, .face), (nil, nil, nil),
        ] as [(Float?, Float?, FusionWay?)]
    )
    func whoDropsOut(face: Float?, voice: Float?, way: FusionWay?) {
        func reading(_ confidence: Float) -> BranchReading {
            BranchReading(scores: EmotionScores([.happy: confidence]), threshold: 0.5)
        }
        #expect(FusionWay.chosen(face: face.map(reading), voice: voice.map(reading)) == way)
    }
}
