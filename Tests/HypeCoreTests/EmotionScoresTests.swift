import Foundation
import HypeCore
import Testing

@Suite
struct EmotionScoresTests {
    @Test
    func indexFollowsDeclarationOrder() {
        #expect(Emotion.allCases.map(\.index) == Array(0..<8))
        #expect(Emotion.allCases.prefix(7) == Emotion.basic[...])
    }

    @Test
    func calmCountsAsNeutralInSevenClasses() {
        let scores = EmotionScores([.calm: 0.5, .neutral: 0.25, .happy: 0.25])
        #expect(scores.dominant == .calm)
        #expect(scores.basic[.neutral] == 0.75)
        #expect(scores.basic[.calm] == 0)
    }

    @Test
    func jsonIsAnObjectOfNames() throws {
        let scores = EmotionScores([.happy: 0.75, .sad: 0.25])
        let json = try JSONDecoder().decode([String: Float].self, from: JSONEncoder().encode(scores))
        #expect(json["happy"] == 0.75)
        #expect(json["calm"] == nil)
        #expect(json.count == 7)
    }

    @Test
    func meanWeighsAndRefusesZeroWeight() throws {
        let happy = EmotionScores([.happy: 1])
        let sad = EmotionScores([.sad: 1])
        let mean = EmotionScores.mean([(scores: happy, weight: 3), (scores: sad, weight: 1)])
        #expect(mean?[.happy] == 0.75)
        #expect(EmotionScores.mean([(scores: happy, weight: 0)]) == nil)
    }

    @Test(arguments: [("ANG", Emotion.angry), ("fearful", .fear), ("pleasant_surprise", .surprise), ("Calm", .calm)])
    func labelsOfDataSetsAreUnderstood(label: String, emotion: Emotion) {
        #expect(Emotion(label: label) == emotion)
    }
}
