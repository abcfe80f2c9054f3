import HypeCore
import HypeMoments
import Testing

/// What stands in the decisions: votes, cores, reasons, and how moments merge.
struct MomentRuleEvidenceTests {
    @Test(
        "Says what each kind did",
        arguments: [
            (Scene(), Vote.State.quiet),
            (Scene().missing(.face, 90..<120), .missing),
            (Scene().without(.face), .unobserved),
            (Scene().with(.face, 100..<103), .present),
        ]
    )
    func saysWhatFacesDid(scene: Scene, state: Vote.State) throws {
        let scene = scene.with(.voice, 100..<103).with(.chat, 110..<120, onset: 104)
        let moment = try #require(scene.outcome().first)
        let face = try #require(moment.vote(of: .face))
        #expect(face.state == state)
        #expect(moment.decision == (state == .present ? .instant : .clip))
        #expect(moment.votes.map(\.kind) == SignalKind.allCases)
        switch state {
        case .quiet:
            #expect(face.score == 0.1)
            #expect(moment.reason == "Two of three signals agree: chat 0.9, voice 0.9, face quiet at 0.1.")
        case .missing:
            #expect(face.reason == "covered")
            #expect(moment.reason.hasSuffix("face missing (covered)."))
        case .unobserved: #expect(moment.reason.hasSuffix("face not looked at."))
        case .present: #expect(moment.reason == "All three signals agree: chat 0.9, voice 0.9, face 0.9.")
        }
    }

    @Test func missingNeverVotes() {
        let scene = Scene().with(.voice, 100..<103).missing(.face, 0..<240).missing(.chat, 0..<240)
        let outcome = scene.outcome()
        #expect(outcome.map(\.decision) == [.nearMiss])
        #expect(outcome.first?.reason == "Only voice 0.9; chat missing (covered), face missing (covered).")
    }

    @Test func missingDoesNotVoteAgainst() {
        let scene = Scene().with(.voice, 100..<103).with(.face, 100..<103).missing(.chat, 0..<240)
        #expect(scene.outcome().map(\.decision) == [.clip])
    }

    @Test func reportsStretchesThatCouldNotBeSeen() {
        let signals = Scene().missing(.chat, 50..<60, reason: "disconnected").actions().compactMap {
            action -> Signal? in
            guard case .signal(let signal) = action else { return nil }
            return signal
        }
        #expect(signals.map(\.state) == [.missing(reason: "disconnected")])
        #expect(signals.map(\.interval) == [span(46, 56)])
    }

    @Test func scoresAreTheMeanOfThree() throws {
        let scene = Scene().with(.voice, 100..<103, score: 0.9).with(.face, 100..<103, score: 0.6)
        #expect(abs(try #require(scene.outcome().first).score - 0.5) < 1e-9)
    }

    @Test func coreCoversTheSignalsButNotAllOfALongChat() throws {
        let scene = Scene().with(.voice, 100..<103).with(.chat, 104..<134, onset: 104)
        let moment = try #require(scene.outcome().first)
        #expect(moment.core == span(100, 110))
        #expect(moment.vote(of: .chat)?.interval == span(100, 130))
    }

    @Test func aMomentEndsWhereItIsTooLong() throws {
        var settings = MomentSettings()
        settings.longestMoment = .seconds(20)
        let scene = Scene().with(.voice, 100..<150).with(.face, 102..<150)
        let outcome = scene.outcome(settings)
        #expect(outcome.map(\.decision) == [.clip])
        #expect(outcome.first?.core == span(100, 120))
    }

    @Test func cutOffSignalsOfALongMomentDoNotMakeAnother() {
        var settings = MomentSettings()
        settings.longestMoment = .seconds(20)
        let scene = Scene().with(.voice, 100..<150).with(.face, 102..<150).with(.chat, 110..<124, onset: 104)
        #expect(scene.outcome(settings).map(\.decision) == [.instant])
    }

    @Test func momentsThatGrowTogetherBecomeOne() throws {
        var settings = MomentSettings()
        settings.coolDown = .seconds(6)
        settings.chatLag = .zero
        settings.chatReach = .seconds(30)
        settings.chat.plateau = 0
        settings.chat.rearm = .seconds(14)
        let scene = Scene().with(.chat, 98..<103).with(.chat, 113..<122)
            .with(.voice, 100..<102).with(.voice, 110..<112).with(.face, 110..<112)
        let actions = scene.actions(settings)
        let absorbed = actions.compactMap { action -> (Int, Moment)? in
            guard case .absorbed(let id, let moment) = action else { return nil }
            return (id, moment)
        }
        #expect(absorbed.map(\.0) == [2])
        #expect(absorbed.first?.1.id == 1)
        let final = actions.compactMap(\.final)
        #expect(final.map(\.id) == [1])
        #expect(final.first?.core == span(98, 122))
        #expect(final.first?.decision == .instant)
    }

    @Test(
        "Explains near misses",
        arguments: [
            (
                Scene().with(.chat, 110..<125, onset: 104).with(.voice, 87..<90),
                "Chat 0.9 and voice 0.9 lie 10.0 s apart, more than the window of 5.0 s; face quiet at 0.1."
            ),
            (Scene().with(.chat, 110..<125, onset: 104), "Only chat 0.9; voice quiet at 0.1, face quiet at 0.1."),
        ]
    )
    func explainsNearMisses(scene: Scene, reason: String) {
        #expect(scene.outcome().map(\.reason) == [reason])
    }

    @Test func explainsTheCoolDown() {
        let scene = Scene().with(.voice, 100..<103).with(.face, 100..<103)
            .with(.voice, 112..<115).with(.face, 112..<115)
        #expect(
            scene.outcome().last?.reason
                == "Voice 0.9 and face 0.9 agree, but only 9.0 s away from moment 1: inside the cool-down of 20.0 s."
        )
    }

    @Test func aSignalIsNotedOnce() {
        let scene = Scene().with(.voice, 100..<103).with(.chat, 117..<127, onset: 117).with(.face, 120..<123)
        let outcome = scene.outcome()
        #expect(outcome.map(\.decision) == [.clip, .nearMiss])
        #expect(outcome.map(\.kinds) == [[.chat, .face], [.voice]])
    }

    @Test("Holds for random streams", arguments: 0..<150)
    func holdsForRandomStreams(seed: UInt64) {
        let stream = RandomStream(seed: seed + 10_000, seconds: 120)
        let actions = stream.actions(of: stream.observations)
        let final = actions.compactMap(\.final)
        let moments = final.filter { $0.decision != .nearMiss }.sorted { $0.core.start < $1.core.start }
        for (left, right) in zip(moments, moments.dropFirst()) {
            #expect(!left.core.overlaps(right.core))
        }
        for moment in final {
            #expect(moment.kinds == moment.votes.filter { $0.state == .present }.map(\.kind))
            #expect((moment.miss != nil) == (moment.decision == .nearMiss))
            #expect(moment.miss != nil || moment.core.duration <= stream.settings.longestMoment)
            #expect(moment.decision != .instant || moment.kinds.count == 3)
            #expect(moment.decision != .clip || moment.kinds.count == 2)
            #expect(moment.miss != .lone || moment.kinds.count == 1)
            #expect(moment.kinds != [.face], "faces are only looked at around chat and voice")
            for vote in moment.votes where vote.state == .missing { #expect(vote.reason == "planted") }
        }
        #expect(Set(final.map(\.id)).count == final.count)
        let decided = Set(actions.compactMap { if case .decided(let moment) = $0 { moment.id } else { nil } })
        let absorbed = Set(actions.compactMap { if case .absorbed(let id, _) = $0 { id } else { nil } })
        #expect(decided.subtracting(absorbed) == Set(moments.map(\.id)))
        for moment in moments {
            let cuts = actions.compactMap { if case .due(let cut, true) = $0, cut.id == moment.id { cut } else { nil } }
            #expect(cuts.last?.core == moment.core, "the last cut must be of the final core")
        }
    }

    @Test("Removing what could not be seen changes nothing but the votes", arguments: 0..<40)
    func missingIsNoVoteInRandomStreams(seed: UInt64) {
        let stream = RandomStream(seed: seed + 20_000)
        let seen = stream.observations.filter { $0.missing == nil }
        let all = stream.actions(of: stream.observations).compactMap(\.final)
        let without = stream.actions(of: seen).compactMap(\.final)
        #expect(all.map(\.kinds) == without.map(\.kinds))
        #expect(all.map(\.core) == without.map(\.core))
        #expect(all.map(\.decision) == without.map(\.decision))
    }

    @Test("The order of kinds within one instant does not matter", arguments: 0..<40)
    func orderWithinAnInstant(seed: UInt64) {
        let stream = RandomStream(seed: seed + 30_000)
        let reversed = stream.observations.enumerated().sorted {
            ($0.element.interval.end, -$0.offset) < ($1.element.interval.end, -$1.offset)
        }.map(\.element)
        let usual = stream.actions(of: stream.observations).compactMap(\.final).filter { $0.decision != .nearMiss }
        let other = stream.actions(of: reversed).compactMap(\.final).filter { $0.decision != .nearMiss }
        #expect(usual.map(\.core) == other.map(\.core))
        #expect(usual.map(\.kinds) == other.map(\.kinds))
    }
}
