import HypeCore
import HypeMoments
import Testing

struct SignalGateTests {
    static let settings = GateSettings(minimum: .seconds(1), rearm: .seconds(2), longest: .seconds(20))

    /// One observation per half second; nil is one that could not be seen.
    static func events(
        _ scores: [Double?],
        kind: SignalKind = .voice,
        settings: GateSettings = settings,
        lag: Duration = .zero
    ) -> [SignalGate.Event] {
        var gate = SignalGate(kind: kind, settings: settings, lag: lag)
        let events = scores.enumerated().flatMap { index, score in
            gate.ingest(observation(score, at: Double(index) / 2, kind: kind))
        }
        return events + gate.finish()
    }

    static func observation(_ score: Double?, at start: Double, kind: SignalKind = .voice) -> Observation {
        let interval = span(start, start + 0.5)
        return score.map { Observation(kind: kind, interval: interval, score: $0, evidence: nil) }
            ?? Observation(kind: kind, interval: interval, missing: "muted")
    }

    static func closed(_ events: [SignalGate.Event]) -> [Signal] {
        events.compactMap { event in
            guard case .closed(_, let signal) = event else { return nil }
            return signal
        }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let scores: [Double?]
        let intervals: [MediaInterval]
        var testDescription: String { name }
    }

    static let quiet = [Double?](repeating: 0.1, count: 6)

    static let cases: [Case] = [
        Case(name: "never high", scores: [0.1, 0.49, 0.49, 0.49, 0.1], intervals: []),
        Case(name: "opens at exactly the threshold", scores: [0.5, 0.5] + quiet, intervals: [span(0, 1)]),
        Case(name: "too short", scores: [0.1, 0.9] + quiet, intervals: []),
        Case(name: "too short twice, too far apart", scores: [0.9] + quiet + [0.9] + quiet, intervals: []),
        Case(
            name: "stays open down to the lower threshold",
            scores: [0.6, 0.36, 0.35] + quiet,
            intervals: [span(0, 1.5)]
        ),
        Case(name: "calms down below it", scores: [0.6, 0.6, 0.34] + quiet, intervals: [span(0, 1)]),
        Case(
            name: "bridges a short dip",
            scores: [0.6, 0.6, 0.1, 0.1, 0.1, 0.4, 0.4] + quiet,
            intervals: [span(0, 3.5)]
        ),
        Case(
            name: "two signals where it was calm long enough",
            scores: [0.6, 0.6, 0.1, 0.1, 0.1, 0.1, 0.6, 0.6] + quiet,
            intervals: [span(0, 1), span(3, 4)]
        ),
        Case(
            name: "does not open again in between without reaching the upper threshold",
            scores: [0.6, 0.6] + quiet + [0.45, 0.45, 0.45] + quiet,
            intervals: [span(0, 1)]
        ),
        Case(
            name: "bridges a short stretch that cannot be seen",
            scores: [0.6, 0.6, nil, nil, 0.6] + quiet,
            intervals: [span(0, 2.5)]
        ),
        Case(
            name: "ends where it cannot be seen for long",
            scores: [0.6, 0.6, nil, nil, nil, nil, 0.6, 0.6] + quiet,
            intervals: [span(0, 1), span(3, 4)]
        ),
        Case(name: "ends with the stream", scores: [0.6, 0.6, 0.6], intervals: [span(0, 1.5)]),
        Case(
            name: "is cut where it is too long, and needs calm before the next",
            scores: Array(repeating: 0.9, count: 60) + quiet + [0.9, 0.9],
            intervals: [span(0, 20), span(33, 34)]
        ),
    ]

    @Test("Gates", arguments: cases)
    func gates(_ test: Case) {
        #expect(Self.closed(Self.events(test.scores)).map(\.interval) == test.intervals)
    }

    @Test func keepsWhatWasSeenAtTheHighestScore() throws {
        let faces = [0.6, 0.9, 0.7].enumerated().map { index, score in
            Observation(
                kind: .face,
                interval: span(Double(index), Double(index + 1)),
                score: score,
                evidence: .face(
                    FaceEvidence(
                        emotion: EmotionScores([.happy: Float(score)]),
                        region: PixelRegion(x: index, y: 0, width: 1, height: 1),
                        faceConfidence: 1,
                        track: 1
                    )
                )
            )
        }
        var gate = SignalGate(kind: .face, settings: Self.settings)
        let events = faces.flatMap { gate.ingest($0) } + gate.finish()
        let signal = try #require(Self.closed(events).first)
        #expect(signal.score == 0.9)
        #expect(signal.evidence == faces[1].evidence)
    }

    @Test func keepsStretchesThatCannotBeSeen() {
        let events = Self.events([0.1, nil, nil, 0.1, nil])
        let missing = events.compactMap { event -> Signal? in
            guard case .missing(_, let signal) = event else { return nil }
            return signal
        }
        #expect(missing.map(\.interval) == [span(0.5, 1.5), span(2, 2.5)])
        #expect(missing.allSatisfy { $0.state == .missing(reason: "muted") && $0.score == 0 })
    }

    @Test func endsChatAtItsHeightAndMovesItBack() {
        var settings = Self.settings
        settings.plateau = 0.8
        let events = Self.events(
            [0.1, 0.1, 0.6, 0.8, 0.7, 0.6, 0.5, 0.4] + Self.quiet,
            kind: .chat,
            settings: settings,
            lag: .seconds(4)
        )
        #expect(Self.closed(events).map(\.interval) == [span(-3, -1.5)])
    }

    @Test(
        "Starts at the onset that chat evidence gives",
        arguments: [(60.0, 60.0), (95.0, 95.0), (10.0, 40.0), (130.0, 100.0)]
    )
    func startsAtTheOnset(onset: Double, start: Double) throws {
        let chat = ChatEvidence(messagesPerSecond: 5, uniqueUsers: 20, baseline: 4, onset: time(onset))
        var gate = SignalGate(kind: .chat, settings: Self.settings, lag: .seconds(4))
        let observation = Observation(kind: .chat, interval: span(100, 102), score: 0.8, evidence: .chat(chat))
        let events = gate.ingest(observation) + gate.finish()
        let signal = try #require(Self.closed(events).first)
        #expect(signal.interval == span(start - 4, 98))
    }

    @Test func endsASignalWhenObservationsStop() {
        var gate = SignalGate(kind: .voice, settings: Self.settings)
        _ = gate.ingest(Self.observation(0.9, at: 0))
        _ = gate.ingest(Self.observation(0.9, at: 0.5))
        #expect(gate.advance(to: time(2.9)).isEmpty)
        #expect(Self.closed(gate.advance(to: time(3))).map(\.interval) == [span(0, 1)])
    }

    @Test func ignoresOtherKinds() {
        var gate = SignalGate(kind: .voice, settings: Self.settings)
        for step in 0..<10 {
            #expect(gate.ingest(Self.observation(0.9, at: Double(step) / 2, kind: .face)).isEmpty)
        }
        #expect(gate.finish().isEmpty)
    }

    @Test func opensOnceAndThenGrowsUnderOneNumber() {
        let events = Self.events([0.6, 0.6, 0.7, 0.7] + Self.quiet + [0.6, 0.6] + Self.quiet)
        let names = events.map { event in
            switch event {
            case .opened(let id, _): "opened \(id)"
            case .grown(let id, _): "grown \(id)"
            case .closed(let id, _): "closed \(id)"
            case .missing(let id, _): "missing \(id)"
            }
        }
        #expect(names == ["opened 0", "grown 0", "grown 0", "closed 0", "opened 1", "closed 1"])
    }
}
