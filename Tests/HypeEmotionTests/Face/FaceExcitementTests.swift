import HypeCore
import HypeEmotion
import Testing

@Suite
struct FaceExcitementTests {
    @Test(arguments: [Emotion.happy, .surprise, .angry, .fear])
    func highArousalRaisesAnAlarm(emotion: Emotion) {
        #expect(FaceExcitement().score(of: EmotionScores([emotion: 0.8, .neutral: 0.2])) > 0.55)
    }

    @Test(arguments: [Emotion.neutral, .sad, .calm])
    func lowArousalDoesNot(emotion: Emotion) {
        #expect(FaceExcitement().score(of: EmotionScores([emotion: 1])) < 0.2)
    }

    @Test
    func halfIsTheThreshold() {
        let scale = FaceExcitement()
        let happy = Float(scale.threshold)
        #expect(abs(scale.score(of: EmotionScores([.happy: happy, .neutral: 1 - happy])) - 0.5) < 1e-6)
        #expect(abs(scale.score(of: EmotionScores([.happy: 1])) - 1) < 1e-6)
    }

    @Test
    func faceThatAlwaysSmilesMustDoMore() {
        let smile = EmotionScores([.happy: 0.55, .neutral: 0.45])
        #expect(FaceExcitement().score(of: smile) > 0.5)
        #expect(FaceExcitement(ordinary: 0.5).score(of: smile) < 0.5)
        #expect(FaceExcitement(ordinary: 0.5).score(of: EmotionScores([.happy: 0.9, .neutral: 0.1])) > 0.5)
        #expect(FaceExcitement(ordinary: 1).threshold == FaceExcitement.highestThreshold)
    }
}
