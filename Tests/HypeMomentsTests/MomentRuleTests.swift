import HypeCore
import HypeMoments
import Testing

struct MomentRuleTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let scene: Scene
        let decisions: [Moment.Decision]
        var kinds: [[SignalKind]] = []
        var misses: [Moment.Miss] = []
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing", scene: Scene(), decisions: []),
        Case(
            name: "chat and voice",
            scene: Scene().with(.chat, 110..<125, onset: 104).with(.voice, 100..<104),
            decisions: [.clip],
            kinds: [[.chat, .voice]]
        ),
        Case(
            name: "chat and face",
            scene: Scene().with(.chat, 110..<125, onset: 104).with(.face, 100..<104),
            decisions: [.clip],
            kinds: [[.chat, .face]]
        ),
        Case(
            name: "voice and face",
            scene: Scene().with(.voice, 100..<103).with(.face, 101..<104),
            decisions: [.clip],
            kinds: [[.voice, .face]]
        ),
        Case(
            name: "all three",
            scene: Scene().with(.chat, 110..<125, onset: 104).with(.voice, 100..<103).with(.face, 101..<104),
            decisions: [.instant],
            kinds: [[.chat, .voice, .face]]
        ),
        Case(
            name: "strong chat alone",
            scene: Scene().with(.chat, 100..<120),
            decisions: [.nearMiss],
            kinds: [[.chat]],
            misses: [.lone]
        ),
        Case(
            name: "strong voice alone",
            scene: Scene().with(.voice, 100..<103),
            decisions: [.nearMiss],
            kinds: [[.voice]],
            misses: [.lone]
        ),
        Case(name: "weak voice alone", scene: Scene().with(.voice, 100..<103, score: 0.6), decisions: []),
        Case(name: "face alone", scene: Scene().with(.face, 100..<110), decisions: []),
        Case(
            name: "chat and voice out of the window",
            scene: Scene().with(.chat, 110..<125, onset: 104).with(.voice, 87..<90),
            decisions: [.nearMiss],
            kinds: [[.chat, .voice]],
            misses: [.apart]
        ),
        Case(
            name: "second pair in the cool-down",
            scene: Scene().with(.voice, 100..<103).with(.face, 101..<104)
                .with(.voice, 112..<115).with(.face, 112..<115),
            decisions: [.clip, .nearMiss],
            kinds: [[.voice, .face], [.voice, .face]],
            misses: [.coolDown]
        ),
        Case(
            name: "second pair after the cool-down",
            scene: Scene().with(.voice, 100..<103).with(.face, 101..<104)
                .with(.voice, 126..<129).with(.face, 126..<129),
            decisions: [.clip, .clip],
            kinds: [[.voice, .face], [.voice, .face]]
        ),
        Case(
            name: "second pair within the window joins",
            scene: Scene().with(.voice, 100..<103).with(.face, 101..<104)
                .with(.voice, 107..<109).with(.face, 108..<110),
            decisions: [.clip],
            kinds: [[.voice, .face]]
        ),
    ]

    @Test("Decides", arguments: cases)
    func decides(_ test: Case) {
        let outcome = test.scene.outcome()
        #expect(outcome.map(\.decision) == test.decisions)
        #expect(outcome.map(\.kinds) == test.kinds)
        #expect(outcome.compactMap(\.miss) == test.misses)
    }
}
