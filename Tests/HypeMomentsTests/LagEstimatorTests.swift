import HypeCore
import HypeMoments
import Testing

struct LagEstimatorTests {
    /// A stream whose chat follows some of the voice's rises after a lag, with voice and chat that have nothing to do
    /// with each other mixed in.
    static func scene(lag: Double, events: Int, decoys: Int, seed: UInt64) -> Scene {
        var random = SeededGenerator(seed: seed)
        var scene = Scene(seconds: 1_800)
        for _ in 0..<decoys {
            let start = Double.random(in: 0..<1_780, using: &random)
            scene = scene.with(.voice, start..<(start + Double.random(in: 1...4, using: &random)))
        }
        for index in 0..<events {
            let start = 60 + Double(index) * 1_600 / Double(events) + Double.random(in: 0...40, using: &random)
            scene = scene.with(.voice, start..<(start + 3))
            let onset = start + lag + Double.random(in: -1...1, using: &random)
            scene = scene.with(.chat, (onset + 6)..<(onset + 20), onset: onset)
        }
        return scene
    }

    static func estimate(_ scene: Scene) -> ChatLag {
        LagEstimator().estimate(
            chat: scene.observations.filter { $0.kind == .chat },
            reactions: scene.observations.filter { $0.kind == .voice }
        )
    }

    @Test("Finds the lag among decoys", arguments: [0.0, 2.0, 4.0, 8.0, 15.0, 25.0, 35.0])
    func findsTheLag(lag: Double) {
        let estimate = Self.estimate(Self.scene(lag: lag, events: 8, decoys: 20, seed: UInt64(lag)))
        #expect(estimate.confidence >= LagEstimator.confidence)
        #expect(abs(estimate.lag.inSeconds - lag) <= 1.5, "\(estimate)")
        #expect(estimate.bursts == 8)
    }

    @Test func keepsTheDefaultWhereChatHasNothingToDoWithTheVoice() {
        var wrong = 0
        for seed in 0..<20 {
            var random = SeededGenerator(seed: UInt64(seed))
            var scene = Self.scene(lag: 0, events: 0, decoys: 40, seed: UInt64(seed))
            for _ in 0..<6 {
                let start = Double.random(in: 60..<1_700, using: &random)
                scene = scene.with(.chat, start..<(start + 12))
            }
            if Self.estimate(scene).lag != ChatLag.defaultLag { wrong += 1 }
        }
        #expect(wrong <= 2, "at a confidence of 0.95, one of 20 may be wrong")
    }

    @Test func keepsTheDefaultWithFewBursts() {
        let estimate = Self.estimate(Self.scene(lag: 12, events: 2, decoys: 0, seed: 1))
        #expect(estimate == ChatLag(lag: ChatLag.defaultLag, confidence: 0, bursts: 2))
    }

    @Test func keepsTheDefaultWithoutReactions() {
        let scene = Self.scene(lag: 12, events: 6, decoys: 0, seed: 1)
        let chat = scene.observations.filter { $0.kind == .chat }
        #expect(LagEstimator().estimate(chat: chat, reactions: []).lag == ChatLag.defaultLag)
    }

    @Test("Keeps lags in their range", arguments: [(-3.0, 0.0), (7.5, 7.5), (90.0, 60.0)])
    func keepsLagsInRange(given: Double, kept: Double) {
        #expect(ChatLag(lag: .seconds(given)).lag == .seconds(kept))
    }

    @Test func movesIntervalsBack() {
        #expect(ChatLag(lag: .seconds(4)).corrected(span(10, 12)) == span(6, 8))
    }
}
