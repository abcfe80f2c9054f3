import HypeCore
import HypeMoments
import Testing

@Suite
struct LiveDirectorTests {
    /// Plays a stream through a director, as a session would.
    private struct Play {
        var orders: [LiveDirector.Order] = []
        /// The last version of each clip that was not withdrawn.
        var clips: [Int: LiveDirector.Cut] = [:]

        init(_ observations: [Observation], settings: MomentSettings, end: MediaTime, onDemand: Bool = false) {
            var director = LiveDirector(settings: settings)
            var watched: [MediaInterval] = []
            for observation in observations {
                if onDemand, observation.kind == .face { continue }
                take(director.ingest(observation))
                guard onDemand else { continue }
                for case .watch(let cell) in orders.suffix(64) where !watched.contains(cell) {
                    watched.append(cell)
                    for face in observations where face.kind == .face && cell.contains(face.interval.start) {
                        take(director.ingest(face))
                    }
                }
            }
            take(director.finish(at: end))
        }

        private mutating func take(_ new: [LiveDirector.Order]) {
            orders += new
            for order in new {
                switch order {
                case .cut(let cut): clips[cut.clip] = cut
                case .withdraw(let clip, let kept):
                    let gone = clips.removeValue(forKey: clip)
                    #expect(gone != nil, "only what was cut is withdrawn")
                    #expect(clips[kept] != nil || kept < clip)
                default: break
                }
            }
        }

        /// What the clips show, in the order of time.
        var shown: [MediaInterval] { clips.values.map(\.plan.interval).sorted { $0.start < $1.start } }
        var cuts: [LiveDirector.Cut] { orders.compactMap { if case .cut(let cut) = $0 { cut } else { nil } } }
    }

    @Test(arguments: 0..<120)
    func theClipsThatStayAreThoseThatThePlannerMakesOfTheSettledMoments(seed: UInt64) {
        let stream = RandomStream(seed: seed, seconds: 120)
        let settled = stream.actions(of: stream.observations).compactMap { action -> Moment? in
            if case .settled(let moment) = action { moment } else { nil }
        }
        let recording = MediaInterval(start: .zero, end: stream.end)
        let wanted = ClipPlanner(settings: stream.settings).plan(settled, speech: [], recording: recording)
        let play = Play(stream.observations, settings: stream.settings, end: stream.end)
        let clips = play.clips.values.sorted { $0.plan.core.start < $1.plan.core.start }
        #expect(clips.map(\.plan.interval) == wanted.map(\.interval))
        #expect(clips.map(\.plan.moments) == wanted.map(\.moments))
        let isAllWhole = clips.allSatisfy(\.isWhole)
        #expect(isAllWhole)
        for (one, next) in zip(clips, clips.dropFirst()) { #expect(one.plan.interval.end <= next.plan.interval.start) }
    }

    @Test
    func threeOfThreeAreCutAtOnceAndAgainWithTheirPostRoll() throws {
        let scene = Scene(seconds: 120).with(.chat, 64..<72).with(.voice, 60..<64).with(.face, 60..<64)
        let play = Play(scene.observations, settings: MomentSettings(), end: MediaTime(seconds: 120))
        let cuts = play.cuts
        #expect(cuts.first?.isWhole == false)
        #expect(cuts.first?.plan.decision == .instant)
        #expect(cuts.last?.isWhole == true)
        #expect(Set(cuts.map(\.clip)) == [1])
    }

    @Test
    func twoOfThreeWaitForTheirPostRoll() {
        let scene = Scene(seconds: 120).with(.chat, 64..<72).with(.voice, 60..<64)
        let play = Play(scene.observations, settings: MomentSettings(), end: MediaTime(seconds: 120))
        #expect(!play.cuts.isEmpty)
        let isPlain = play.cuts.allSatisfy { $0.isWhole && $0.plan.decision == .clip }
        #expect(isPlain)
    }

    @Test(arguments: 0..<40)
    func facesOnDemandGiveTheSameClips(seed: UInt64) {
        var stream = Scene(seconds: 180)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<6 {
            let kind = SignalKind.allCases.randomElement(using: &random) ?? .chat
            let start = Double.random(in: 10..<160, using: &random)
            stream = stream.with(kind, start..<start + Double.random(in: 2..<9, using: &random))
        }
        let end = MediaTime(seconds: 180)
        let all = Play(stream.observations, settings: MomentSettings(), end: end)
        let demanded = Play(stream.observations, settings: MomentSettings(), end: end, onDemand: true)
        #expect(all.shown == demanded.shown)
    }

    @Test
    func aSpikeIsToldOnce() {
        let scene = Scene(seconds: 120).with(.chat, 40..<55)
        let play = Play(scene.observations, settings: MomentSettings(), end: MediaTime(seconds: 120))
        let spikes = play.orders.filter { if case .spike = $0 { true } else { false } }
        #expect(spikes.count == 1)
    }

    @Test
    func theLagIsLearnedAndUsed() throws {
        // Somebody shouts every two minutes, and chat answers eleven seconds later.
        var scene = Scene(seconds: 1_500)
        for shout in stride(from: 60.0, to: 1_400, by: 97) {
            scene = scene.with(.voice, shout..<shout + 3).with(.chat, shout + 11..<shout + 19)
        }
        var settings = MomentSettings()
        settings.chatLag = .seconds(4)
        var director = LiveDirector(settings: settings)
        var lags: [ChatLag] = []
        for observation in scene.observations {
            let orders = director.advance(to: observation.interval.end) + director.ingest(observation)
            for case .lag(let lag) in orders { lags.append(lag) }
        }
        let lag = try #require(lags.last)
        #expect(abs(lag.lag.inSeconds - 11) < 1.5)
        #expect(director.chatLag == lag.lag)
    }

    @Test
    func numbersOfClipsAreNeverGivenTwice() {
        var director = LiveDirector(settings: MomentSettings(), firstClip: 8)
        let first = director.takeClipNumber()
        let second = director.takeClipNumber()
        #expect([first, second] == [8, 9])
    }
}
