import HypeCore
import HypeMoments
import Testing

struct ClipPlannerTests {
    static let recording = span(0, 300)

    static func moment(
        _ id: Int,
        _ start: Double,
        _ end: Double,
        decision: Moment.Decision = .clip,
        votes: [Vote]? = nil
    ) -> Moment {
        Moment(
            id: id,
            decision: decision,
            core: span(start, end),
            votes: votes ?? [Vote(kind: .voice, state: .present, interval: span(start, end), score: 0.9)],
            reason: "reason \(id)",
            decidedAt: time(end)
        )
    }

    static func plan(
        _ moments: [Moment],
        speech: [MediaInterval] = [],
        recording: MediaInterval = recording,
        _ change: (inout MomentSettings) -> Void = { _ in }
    ) -> [ClipPlan] {
        var settings = MomentSettings()
        change(&settings)
        return ClipPlanner(settings: settings).plan(moments, speech: speech, recording: recording)
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let moments: [Moment]
        var speech: [MediaInterval] = []
        var recording = ClipPlannerTests.recording
        let clips: [MediaInterval]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "no moments", moments: [], clips: []),
        Case(name: "near misses make no clip", moments: [moment(1, 100, 104, decision: .nearMiss)], clips: []),
        Case(name: "pre- and post-roll", moments: [moment(1, 100, 104)], clips: [span(90, 107)]),
        Case(name: "at the start", moments: [moment(1, 2, 5)], clips: [span(0, 8)]),
        Case(name: "filled up at the start", moments: [moment(1, 0, 2)], clips: [span(0, 8)]),
        Case(name: "at the end", moments: [moment(1, 296, 299)], clips: [span(286, 300)]),
        Case(
            name: "recording shorter than the shortest clip",
            moments: [moment(1, 1, 2)],
            recording: span(0, 4),
            clips: [span(0, 4)]
        ),
        Case(
            name: "recording that does not start at zero",
            moments: [moment(1, 52, 55)],
            recording: span(50, 90),
            clips: [span(50, 58)]
        ),
        Case(name: "outside of the recording", moments: [moment(1, 400, 404)], clips: []),
        Case(
            name: "two that overlap become one",
            moments: [moment(1, 100, 104), moment(2, 112, 115)],
            clips: [span(90, 118)]
        ),
        Case(
            name: "two that do not overlap stay two",
            moments: [moment(2, 130, 134), moment(1, 100, 104)],
            clips: [span(90, 107), span(120, 137)]
        ),
        Case(
            name: "two that would be too long together meet in between",
            moments: [moment(1, 100, 140), moment(2, 145, 180)],
            clips: [span(90, 140), span(140, 183)]
        ),
        Case(
            name: "start in a word moves back to the pause before it",
            moments: [moment(1, 100, 104)],
            speech: [span(89.5, 95)],
            clips: [span(89.35, 107)]
        ),
        Case(
            name: "start in a word moves on to a nearer pause after it",
            moments: [moment(1, 100, 104)],
            speech: [span(80, 90.5), span(93, 95)],
            clips: [span(90.65, 107)]
        ),
        Case(
            name: "start stays where the pause is too far",
            moments: [moment(1, 100, 104)],
            speech: [span(80, 95)],
            clips: [span(90, 107)]
        ),
        Case(
            name: "end in a word moves on to the end of the word",
            moments: [moment(1, 100, 104)],
            speech: [span(98, 108)],
            clips: [span(90, 108.15)]
        ),
        Case(
            name: "a short pause is used in its middle",
            moments: [moment(1, 100, 104)],
            speech: [span(98, 107.5), span(107.6, 120)],
            clips: [span(90, 107.55)]
        ),
    ]

    @Test("Plans", arguments: cases)
    func plans(_ test: Case) {
        let plans = Self.plan(test.moments, speech: test.speech, recording: test.recording)
        #expect(plans.map(\.interval) == test.clips)
    }

    @Test func neverSnapsIntoTheMoment() {
        let plans = Self.plan([Self.moment(1, 100, 104)], speech: [span(50, 101), span(103, 200)]) {
            $0.preRoll = .seconds(0.5)
            $0.postRoll = .seconds(0.5)
            $0.shortestClip = .seconds(1)
        }
        #expect(plans.map(\.interval) == [span(99.5, 104.5)])
    }

    @Test func cutsALongMomentToItsStrongestPart() throws {
        let votes = [
            Vote(kind: .chat, state: .present, interval: span(100, 180), score: 0.6),
            Vote(kind: .voice, state: .present, interval: span(150, 170), score: 0.9),
        ]
        let plan = try #require(Self.plan([Self.moment(1, 100, 180, votes: votes)]).first)
        #expect(plan.interval.duration <= .seconds(60))
        #expect(plan.core.start <= time(150) && plan.core.end >= time(170))
        #expect(plan.reason.contains("strongest part"))
    }

    @Test func shortensTheRollsOfAMomentThatBarelyFits() throws {
        let plan = try #require(Self.plan([Self.moment(1, 100, 147)]).first)
        #expect(plan.interval == span(90, 150))
    }

    @Test func namesItsMomentsAndTakesTheBestOfThem() throws {
        let all = SignalKind.allCases.map { Vote(kind: $0, state: .present, interval: span(112, 114), score: 0.8) }
        let moments = [Self.moment(4, 100, 104), Self.moment(7, 112, 115, decision: .instant, votes: all)]
        let plan = try #require(Self.plan(moments).first)
        #expect(plan.moments == [4, 7])
        #expect(plan.decision == .instant)
        #expect(abs(plan.score - 0.8) < 1e-9)
        #expect(plan.core == span(100, 115))
        #expect(Self.plan([Self.moment(4, 100, 104)]).first?.reason.contains("reason 4") == true)
    }

    @Test("Clips lie in the recording, apart from each other, and cover their moments", arguments: 0..<300)
    func holdsForRandomMoments(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let stream = RandomStream(seed: UInt64(seed), seconds: 60)
        var moments: [Moment] = []
        var cursor = Double.random(in: -5...20, using: &random)
        for id in 1...12 {
            let length = Double.random(in: 0.1...30, using: &random)
            moments.append(Self.moment(id, cursor, cursor + length))
            cursor += length + Double.random(in: 0...30, using: &random)
        }
        moments.shuffle(using: &random)
        let speech = (0..<40).map { _ in
            let start = Double.random(in: -5...300, using: &random)
            return span(start, start + Double.random(in: 0.1...8, using: &random))
        }
        let planner = ClipPlanner(settings: stream.settings)
        let plans = planner.plan(moments, speech: speech, recording: Self.recording)
        for plan in plans {
            #expect(plan.interval.start >= Self.recording.start && plan.interval.end <= Self.recording.end)
            #expect(plan.interval.duration > .zero)
            #expect(plan.interval.duration <= stream.settings.longestClip + .nanoseconds(1_000))
            #expect(plan.interval.start <= plan.core.start && plan.interval.end >= plan.core.end)
        }
        for (left, right) in zip(plans, plans.dropFirst()) {
            #expect(left.interval.end <= right.interval.start)
        }
        let inside = moments.filter { $0.core.overlaps(Self.recording) }.map(\.id).sorted()
        #expect(plans.flatMap(\.moments).sorted() == inside)
        #expect(planner.plan(moments.reversed(), speech: speech.reversed(), recording: Self.recording) == plans)
    }
}
