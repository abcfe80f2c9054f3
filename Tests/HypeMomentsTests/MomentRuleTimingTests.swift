import HypeCore
import HypeMoments
import Testing

/// When the rule says what, as a live session hears it.
struct MomentRuleTimingTests {
    /// Feeds a scene and notes at which media time each action came.
    static func run(
        _ scene: Scene,
        _ settings: MomentSettings = MomentSettings()
    ) -> [(at: MediaTime, MomentRule.Action)] {
        var rule = MomentRule(settings: settings)
        var heard: [(at: MediaTime, MomentRule.Action)] = []
        for observation in scene.observations {
            let actions = rule.ingest(observation)
            heard += actions.map { (at: rule.clock ?? .zero, $0) }
        }
        let end = time(Double(scene.seconds))
        return heard + rule.finish(at: end).map { (at: end, $0) }
    }

    static func names(_ heard: [(at: MediaTime, MomentRule.Action)]) -> [String] {
        heard.compactMap { heard in
            switch heard.1 {
            case .signal: nil
            case .decided(let moment): "decided \(moment.decision.rawValue)"
            case .upgraded(let moment): "upgraded \(moment.decision.rawValue)"
            case .absorbed(let id, let moment): "absorbed \(id) into \(moment.id)"
            case .due(_, let complete): complete ? "due complete" : "due at once"
            case .settled(let moment): "settled \(moment.decision.rawValue)"
            case .nearMiss(let moment): "near miss \(moment.miss?.rawValue ?? "")"
            }
        }
    }

    static func first(
        _ heard: [(at: MediaTime, MomentRule.Action)],
        _ isWanted: (MomentRule.Action) -> Bool
    ) -> MediaTime? {
        heard.first { isWanted($0.1) }?.at
    }

    @Test func waitsForThePostRollOfTwo() {
        let heard = Self.run(Scene().with(.voice, 100..<104).with(.face, 100..<104))
        #expect(Self.names(heard) == ["decided clip", "due complete", "settled clip"])
        #expect(Self.first(heard) { if case .decided = $0 { true } else { false } } == time(101))
        #expect(Self.first(heard) { if case .due = $0 { true } else { false } } == time(107))
        #expect(Self.first(heard) { if case .settled = $0 { true } else { false } } == time(154))
    }

    @Test func cutsThreeAtOnceAndAgainWithThePostRoll() {
        let scene = Scene().with(.chat, 102..<110, onset: 102).with(.voice, 100..<106).with(.face, 100..<106)
        var settings = MomentSettings()
        settings.chatLag = .seconds(1)
        let heard = Self.run(scene, settings)
        #expect(
            Self.names(heard)
                == ["decided clip", "upgraded instant", "due at once", "due complete", "settled instant"]
        )
        #expect(Self.first(heard) { $0 == .due(Self.moment($0), complete: false) } == time(104))
    }

    static func moment(_ action: MomentRule.Action) -> Moment {
        switch action {
        case .decided(let moment), .upgraded(let moment), .absorbed(_, let moment), .due(let moment, _),
            .settled(let moment), .nearMiss(let moment):
            moment
        case .signal:
            Moment(id: 0, decision: .nearMiss, core: span(0, 0), votes: [], reason: "", decidedAt: .zero)
        }
    }

    @Test("Chat that is noticed late upgrades a clip of the past", arguments: [10.0, 20.0, 30.0, 40.0])
    func upgradesWithLateChat(delay: Double) throws {
        let scene = Scene().with(.voice, 100..<103).with(.face, 101..<104)
            .with(.chat, (100 + delay)..<(112 + delay), onset: 105)
        let heard = Self.run(scene)
        #expect(
            Self.names(heard)
                == ["decided clip", "due complete", "upgraded instant", "due complete", "settled instant"]
        )
        #expect(Self.first(heard) { if case .upgraded = $0 { true } else { false } } == time(102 + delay))
        let moment = try #require(scene.outcome().first)
        #expect(moment.vote(of: .chat)?.interval?.start == time(101))
    }

    @Test func chatThatComesTooLateIsNoVote() {
        let scene = Scene().with(.voice, 100..<103).with(.face, 101..<104).with(.chat, 165..<175, onset: 105)
        #expect(Self.names(Self.run(scene)) == ["decided clip", "due complete", "settled clip", "near miss lone"])
    }

    @Test func voiceThatIsHeardLongBeforeLateChatStillPairs() {
        let scene = Scene().with(.voice, 100..<103).with(.chat, 138..<150, onset: 104)
        #expect(Self.names(Self.run(scene)) == ["decided clip", "due complete", "settled clip"])
    }

    @Test func reportsANewCutWhenTheMomentGrew() {
        let scene = Scene().with(.voice, 100..<102).with(.face, 100..<102).with(.voice, 106..<108)
        let heard = Self.run(scene)
        let cuts = heard.compactMap { heard -> MediaInterval? in
            guard case .due(let moment, _) = heard.1 else { return nil }
            return moment.core
        }
        #expect(cuts == [span(100, 102), span(100, 108)])
    }

    @Test func endsWithTheStream() {
        let scene = Scene(seconds: 104).with(.voice, 100..<104).with(.face, 101..<104)
        #expect(Self.names(Self.run(scene)) == ["decided clip", "due complete", "settled clip"])
        #expect(scene.outcome().first?.decidedAt == time(101.5))
    }

    @Test func passesDeadlinesWithoutObservations() {
        var rule = MomentRule()
        for observation in Scene(seconds: 104).with(.voice, 100..<104).with(.face, 101..<104).observations {
            _ = rule.ingest(observation)
        }
        #expect(rule.advance(to: time(106.9)).isEmpty)
        let due = rule.advance(to: time(107))
        #expect(due.count == 1)
        #expect(rule.advance(to: time(100)).isEmpty, "time does not go back")
        #expect(rule.clock == time(107))
        let rest = rule.advance(to: time(500))
        #expect(rest.contains { if case .settled = $0 { true } else { false } })
    }

    @Test func facesThatAreLookedAtLateVote() throws {
        let scene = Scene().with(.voice, 100..<103).with(.face, 101..<104)
        var rule = MomentRule()
        var actions: [MomentRule.Action] = []
        for observation in scene.without(.face).observations where observation.interval.end <= time(115) {
            actions += rule.ingest(observation)
        }
        #expect(!actions.contains { if case .decided = $0 { true } else { false } })
        for observation in scene.without(.voice).without(.chat).observations
        where observation.interval.start >= time(92) && observation.interval.end <= time(112) {
            actions += rule.ingest(observation)
        }
        let decided = try #require(
            actions.compactMap { if case .decided(let moment) = $0 { moment } else { nil } }.first
        )
        #expect(decided.kinds == [.voice, .face])
        #expect(decided.decidedAt == time(115))
        let final = rule.finish(at: time(120)).compactMap(\.final)
        #expect(final.map(\.core) == [span(100, 104)])
    }

    @Test func usesAChangedChatLagFromThenOn() throws {
        var rule = MomentRule()
        rule.chatLag = .seconds(20)
        let scene = Scene().with(.chat, 130..<140, onset: 122).with(.voice, 100..<103)
        var actions = scene.observations.flatMap { rule.ingest($0) }
        actions += rule.finish(at: time(240))
        let moment = try #require(actions.compactMap(\.final).first)
        #expect(moment.kinds == [.chat, .voice])
        #expect(moment.vote(of: .chat)?.interval?.start == time(102))
    }
}
