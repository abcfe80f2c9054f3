import HypeApp
import HypeCore
import HypeMoments
import Testing

@Suite
struct SessionScriptTests {
    private static let recording = MediaInterval(start: .zero, end: .zero + .seconds(120))

    /// One observation per second of each kind; loud where the second lies in one of the stretches.
    private static func observations(_ loud: [SignalKind: Range<Int>]) -> [Observation] {
        (0..<120).flatMap { second in
            SignalKind.allCases.map { kind in
                let interval = MediaInterval(start: .zero + .seconds(second), end: .zero + .seconds(second + 1))
                let isLoud = loud[kind]?.contains(second) ?? false
                let evidence = ChatEvidence(messagesPerSecond: isLoud ? 9 : 1, uniqueUsers: 20, baseline: 4)
                return Observation(
                    kind: kind,
                    interval: interval,
                    score: isLoud ? 0.9 : 0.1,
                    evidence: kind == .chat ? .chat(evidence) : nil
                )
            }
        }
    }

    private static func script(_ loud: [SignalKind: Range<Int>]) -> SessionScript {
        var settings = MomentSettings()
        settings.chatLag = .seconds(3)
        return SessionScript(
            observations: observations(loud),
            speech: [],
            recording: recording,
            settings: settings
        )
    }

    private static func clips(_ script: SessionScript) -> [(time: MediaTime, plan: ClipPlan)] {
        script.entries.compactMap { entry in
            if case .clip(let plan) = entry.step { (entry.time, plan) } else { nil }
        }
    }

    @Test
    func stepsComeInOrderOfTimeAndNoneBeforeItCouldBeKnown() {
        let script = Self.script([.voice: 40..<46, .face: 41..<46])
        #expect(zip(script.entries, script.entries.dropFirst()).allSatisfy { $0.time <= $1.time })
        for entry in script.entries {
            switch entry.step {
            case .observation(let observation): #expect(entry.time == observation.interval.end)
            case .moment(let moment): #expect(entry.time >= moment.core.start)
            case .clip, .spike: break
            }
        }
    }

    @Test
    func aClipOfTwoIsDueWhenItsPostRollHasPassed() throws {
        let clips = Self.clips(Self.script([.voice: 40..<46, .face: 41..<46]))
        try #require(clips.count == 1)
        #expect(clips[0].plan.decision == .clip)
        #expect(clips[0].time >= clips[0].plan.interval.end)
        #expect(clips[0].plan.interval.start <= .zero + .seconds(31))
    }

    @Test
    func anInstantClipIsDueWhenTheThirdSignalIsKnown() throws {
        let clips = Self.clips(Self.script([.voice: 40..<46, .face: 41..<46, .chat: 43..<53]))
        try #require(clips.count == 1)
        #expect(clips[0].plan.decision == .instant)
        #expect(clips[0].time <= .zero + .seconds(50))
    }

    @Test
    func theChatsRiseIsToldOnceWithWhatWasSaid() throws {
        let spikes = Self.script([.chat: 60..<75]).entries.compactMap { entry in
            if case .spike(let spike) = entry.step { (entry.time, spike) } else { nil }
        }
        try #require(spikes.count == 1)
        #expect(spikes[0].1.evidence?.messagesPerSecond == 9)
        #expect(spikes[0].1.time < spikes[0].0, "chat reacts late, so the rise lies before it becomes known")
        #expect(spikes[0].0 <= .zero + .seconds(63))
    }

    @Test
    func calmMakesNothing() {
        let script = Self.script([:])
        #expect(script.moments.isEmpty)
        #expect(Self.clips(script).isEmpty)
        #expect(script.entries.count == 3 * 120)
    }

    @Test
    func aClipNearTheEndIsDueAtTheEnd() throws {
        let clips = Self.clips(Self.script([.voice: 112..<119, .face: 112..<119]))
        try #require(clips.count == 1)
        #expect(clips[0].time == Self.recording.end)
    }
}
