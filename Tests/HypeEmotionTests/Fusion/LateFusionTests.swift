import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct LateFusionTests {
    private static func reading(_ scores: [Emotion: Float], threshold: Float = 0.4) -> BranchReading {
        BranchReading(scores: EmotionScores(scores), threshold: threshold)
    }

    @Test
    func agreeingBranchesAreSurerThanEach() throws {
        let happy = Self.reading([.happy: 0.6, .sad: 0.2, .neutral: 0.2])
        let fused = try #require(try FusionTestModels.even.fuse(face: happy, voice: happy))
        // (0.6 · 0.6) / (0.36 + 0.04 + 0.04), but for the floor of 1e-4 of the other four.
        #expect(abs(fused.scores[.happy] - 0.36 / 0.44) < 1e-4)
        #expect(fused.shareList == [0.5, 0.5])
        #expect(!fused.abstains)
    }

    @Test
    func bothMissingIsNoAnswer() throws {
        #expect(try FusionTestModels.even.fuse(face: nil, voice: nil)?.scores == nil)
    }

    @Test
    func aMissingBranchLeavesTheOtherCalibratedAnew() throws {
        let offsets = [0.5, 0, 0, 0, -0.5, 0, 0]
        let late = LateFusion(
            both: FusionTestModels.pool(face: 0.5),
            face: FusionTestModels.pool(face: 1, temperature: 2, offsets: offsets),
            voice: FusionTestModels.pool(face: 0, threshold: 0.25)
        )
        let face = Self.reading([.angry: 0.64, .sad: 0.36])
        let fused = try #require(try late.fuse(face: face, voice: nil))
        #expect(fused.shareList == [1, 0])
        // Roots of 0.64 and 0.36, times the powers of the offsets; the floor's root for the other five.
        let powers = [0.8 * exp(0.5), 0.6 * exp(-0.5)]
        #expect(abs(Double(fused.scores[.angry]) - powers[0] / (powers[0] + powers[1] + 5 * 0.01)) < 1e-5)

        let voice = Self.reading([.calm: 0.7, .neutral: 0.1, .fear: 0.2])
        let heard = try #require(try late.fuse(face: nil, voice: voice))
        #expect(heard.shareList == [0, 1])
        #expect(heard.threshold == 0.25)
        #expect(abs(heard.scores[.neutral] - 0.8) < 1e-3, "calm counts as neutral")
    }

    @Test
    func anUnsureBranchDropsOutOnlyBesideASureOne() throws {
        let sure = Self.reading([.happy: 0.7, .sad: 0.3])
        let unsure = Self.reading([.sad: 0.5, .angry: 0.5], threshold: 0.8)
        let fusion = FusionTestModels.even
        let seen = try #require(try fusion.fuse(face: sure, voice: unsure))
        #expect(seen.shareList == [1, 0])
        let seenAlone = try #require(try fusion.fuse(face: sure, voice: nil))
        #expect(seen.scores == seenAlone.scores)
        let heard = try #require(try fusion.fuse(face: unsure, voice: sure))
        #expect(heard.shareList == [0, 1])
        let heardAlone = try #require(try fusion.fuse(face: nil, voice: sure))
        #expect(heard.scores == heardAlone.scores)
        let lone = try #require(try fusion.fuse(face: unsure, voice: nil), "alone, an unsure branch still answers")
        #expect(lone.shareList == [1, 0])
    }

    @Test
    func twoUnsureBranchesAnswerAndTheFusedThresholdDecides() throws {
        let first = Self.reading([.happy: 0.3, .sad: 0.3, .angry: 0.2, .neutral: 0.2], threshold: 0.9)
        let same = try #require(try FusionTestModels.even.fuse(face: first, voice: first))
        #expect(same.shareList == [0.5, 0.5])
        #expect(same.abstains)
        let second = Self.reading([.happy: 0.3, .fear: 0.3, .surprise: 0.2, .disgust: 0.2], threshold: 0.9)
        let together = try #require(try FusionTestModels.even.fuse(face: first, voice: second))
        #expect(together.scores.dominant == .happy)
        #expect(!together.abstains, "what both think possible is more than what either knows")
    }

    @Test
    func evenPoolIsSymmetric() throws {
        for (face, voice) in Self.random(200, sharpness: 4) {
            let there = try #require(try FusionTestModels.even.fuse(face: face, voice: voice))
            let back = try #require(try FusionTestModels.even.fuse(face: voice, voice: face))
            #expect(there.scores.distance(to: back.scores) < 1e-6)
            #expect(there.shares.face == back.shares.voice)
        }
    }

    @Test(arguments: [0, 1, 5, 60])
    func answersAreProbabilities(sharpness: Double) throws {
        for (face, voice) in Self.random(200, sharpness: sharpness) {
            for sides in [(face, voice), (nil, voice), (face, nil)] as [(BranchReading?, BranchReading?)] {
                let fused = try #require(try FusionTestModels.even.fuse(face: sides.0, voice: sides.1))
                #expect(abs(fused.scores.basicSum - 1) < 1e-5)
                #expect(Emotion.allCases.allSatisfy { (0...1).contains(fused.scores[$0]) })
                #expect(abs(fused.shares.face + fused.shares.voice - 1) < 1e-6)
            }
        }
    }

    @Test
    func moreEvidenceForAnEmotionNeverMakesItLessLikely() throws {
        for (face, voice) in Self.random(200, sharpness: 3) {
            var more = face
            let emotion = voice.scores.dominant == .calm ? .neutral : voice.scores.dominant
            let room = 1 - face.scores[emotion]
            for other in Emotion.basic { more.scores[other] *= 0.8 }
            more.scores[emotion] += 0.2 * (room + face.scores[emotion])
            let before = try #require(try FusionTestModels.even.fuse(face: face, voice: voice))
            let after = try #require(try FusionTestModels.even.fuse(face: more, voice: voice))
            #expect(after.scores[emotion] >= before.scores[emotion] - 1e-6)
        }
    }

    @Test
    func aCertainBranchCannotForbidAnEmotion() throws {
        let face = Self.reading([.happy: 1])
        let voice = Self.reading([.sad: 1])
        let fused = try #require(try FusionTestModels.even.fuse(face: face, voice: voice))
        #expect(abs(fused.scores[.happy] - fused.scores[.sad]) < 1e-6)
        #expect(fused.scores[.happy] > 0.49 && fused.scores[.angry] > 0)
    }

    /// Made-up readings without a threshold, so that both count.
    private static func random(_ count: Int, sharpness: Double) -> [(BranchReading, BranchReading)] {
        var source = ReadingSource(seed: 77)
        return (0..<count).map { _ in
            (
                source.reading(sharpness: sharpness, emotions: 7, width: 0, threshold: 0),
                source.reading(sharpness: sharpness, emotions: 8, width: 0, threshold: 0)
            )
        }
    }
}
