import HypeCore
import HypeMoments
import Testing

struct FaceDemandTests {
    @Test("Decides alike with faces everywhere and with faces on demand", arguments: 0..<20)
    func decidesAlike(block: Int) {
        var moments = 0
        var withFaces = 0
        var leftOut = 0
        for seed in 0..<100 {
            let stream = RandomStream(seed: UInt64(block * 1_000 + seed))
            let demand = FaceDemand.intervals(for: stream.observations, settings: stream.settings)
            let onDemand = stream.observations.filter { observation in
                observation.kind != .face || demand.contains { $0.contains(observation.interval.start) }
            }
            let everywhere = stream.actions(of: stream.observations)
            #expect(stream.actions(of: onDemand) == everywhere, "seed \(block * 1_000 + seed)")
            let final = everywhere.compactMap(\.final).filter { $0.decision != .nearMiss }
            moments += final.count
            withFaces += final.filter { $0.kinds.contains(.face) }.count
            leftOut += stream.observations.count - onDemand.count
        }
        #expect(moments > 50, "the streams must hold moments for this test to mean anything")
        #expect(withFaces > 25)
        #expect(leftOut > 4_000)
    }

    @Test func demandsWholeCellsAroundVoice() {
        var settings = MomentSettings()
        settings.window = .seconds(5)
        settings.face.minimum = .milliseconds(500)
        settings.faceSegment = .seconds(4)
        let scene = Scene().with(.voice, 100..<103)
        let demand = FaceDemand.intervals(for: scene.observations, settings: settings)
        #expect(demand == [span(92, 112)])
    }

    @Test func demandsAroundTheEventThatChatTalksAbout() {
        var settings = MomentSettings()
        settings.chatLag = .seconds(10)
        let scene = Scene().with(.chat, 130..<133, onset: 120)
        let demand = FaceDemand.intervals(for: scene.observations, settings: settings)
        #expect(demand == [span(104, 132)])
    }

    @Test func demandsNothingInACalmRecording() {
        let demand = FaceDemand.intervals(for: Scene().with(.face, 10..<50).observations, settings: MomentSettings())
        #expect(demand.isEmpty)
    }

    @Test func leavesOutCellsOutsideOfTheRecording() {
        let scene = Scene(seconds: 100).with(.voice, 1..<3).with(.voice, 96..<99)
        let recording = span(0.5, 99)
        let demand = FaceDemand.intervals(for: scene.observations, settings: MomentSettings(), within: recording)
        #expect(demand == [span(0, 12), span(88, 100)])
    }

    @Test("Tells of each cell once", arguments: 0..<50)
    func tellsOfEachCellOnce(seed: Int) {
        let stream = RandomStream(seed: UInt64(seed))
        var demand = FaceDemand(settings: stream.settings)
        var told: [MediaInterval] = []
        for observation in stream.observations {
            let fresh = demand.ingest(observation)
            for one in fresh {
                #expect(!told.contains { $0.overlaps(one) })
                #expect(one.start.nanoseconds % stream.settings.faceSegment.nanoseconds == 0)
                #expect(one.end.nanoseconds % stream.settings.faceSegment.nanoseconds == 0)
            }
            told += fresh
        }
        #expect(told.merged() == demand.intervals)
        #expect(demand.intervals == FaceDemand.intervals(for: stream.observations, settings: stream.settings))
    }
}

extension FaceDemandTests {
    /// Short bursts of all kinds at random, calm in between.
    private static func bursts(seed: UInt64) -> Scene {
        var random = SeededGenerator(seed: seed)
        var scene = Scene(seconds: 400)
        for kind in SignalKind.allCases {
            var start = Double.random(in: 10..<60, using: &random)
            while start < 360 {
                let length = kind == .chat ? 8.0 : Double.random(in: 1.5...5, using: &random)
                let onset = kind == .chat ? start - Double.random(in: 0...8, using: &random) : nil
                scene = scene.with(kind, start..<(start + length), onset: onset)
                start += length + Double.random(in: 15..<60, using: &random)
            }
        }
        return scene
    }

    /// Cells of a minute demand nearly everything, so this compares with a rule that sees nearly all faces.
    @Test("Finds the moments that a look at nearly everything finds", arguments: 0..<60)
    func findsTheSameMoments(seed: UInt64) {
        let scene = Self.bursts(seed: seed)
        var wide = MomentSettings()
        wide.faceSegment = .seconds(60)
        let narrow = scene.outcome().filter { $0.decision != .nearMiss }
        let all = scene.outcome(wide).filter { $0.decision != .nearMiss }
        #expect(narrow.map(\.kinds) == all.map(\.kinds))
        #expect(narrow.map(\.decision) == all.map(\.decision))
    }
}
