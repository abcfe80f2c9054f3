import Foundation
import HypeCore
import HypeMedia
import Synchronization
import Testing

struct LiveRecorderTests {
    private let tracks: [StreamInfo]

    init() throws {
        tracks = [try Synthetic.named(.video), try Synthetic.named(.audio)]
    }

    private func recorder(
        span: Duration = .seconds(60),
        notice: @escaping @Sendable (LiveRecorder.Notice) -> Void = { _ in }
    ) -> LiveRecorder {
        LiveRecorder(limits: ReplayRing.Limits(span: span), notice: notice)
    }

    private func record(_ recorder: LiveRecorder, _ input: any LiveInput) throws {
        try recorder.run(opening: { _, _ in input }, interrupt: MediaInterrupt())
    }

    @Test func changedTracksBeginAnEpochAndWhatWasBeforeCanBeCut() throws {
        let recorder = recorder()
        let tap = recorder.tap([.video, .audio], limit: 1 << 30)
        let packets = Synthetic.stream(seconds: 10)
        let input = ScriptedInput(tracks, packets.filter { ($0.pts ?? 0) < 5000 })
        let wide = [try Synthetic.named(.video, width: 640), tracks[1]]
        input.change(to: wide, packets.filter { ($0.pts ?? 0) >= 5000 })
        try record(recorder, input)
        #expect(recorder.recorded.map(\.epoch) == [0, 1])
        #expect(recorder.status.epoch == 1)
        let cutter = LiveCutter(recorder: recorder, spool: nil)
        // Most of the stretch decides; a clip never mixes tracks.
        let before = try cutter.snapshot(of: MediaInterval(seconds: 2..<6))
        #expect(before.packets.allSatisfy { ($0.pts ?? 0) < 5000 })
        let after = try cutter.snapshot(of: MediaInterval(seconds: 4..<9))
        #expect(after.packets.allSatisfy { ($0.pts ?? 0) >= 5000 })
        let epochs = tap.drain().items.compactMap { item in
            if case .tracks(_, let epoch) = item { epoch } else { nil }
        }
        #expect(epochs == [0, 1])
    }

    @Test func earlierEpochsGoWhenTheirTimeIsOver() throws {
        let recorder = recorder(span: .seconds(2))
        let packets = Synthetic.stream(seconds: 10)
        let input = ScriptedInput(tracks, packets.filter { ($0.pts ?? 0) < 5000 })
        input.change(
            to: [try Synthetic.named(.video, width: 640)],
            packets.filter { ($0.pts ?? 0) >= 5000 && $0.kind == .video }
        )
        try record(recorder, input)
        #expect(recorder.recorded.map(\.epoch) == [1])
    }

    @Test func opensALostSourceAgainAndJoinsOn() throws {
        let opened = Mutex(0)
        let notices = Mutex<[String]>([])
        let recorder = recorder { notice in
            notices.withLock { notices in
                switch notice {
                case .opened: notices.append("opened")
                case .waiting(let reason): notices.append(reason)
                }
            }
        }
        let packets = Synthetic.stream(seconds: 4)
        let tracks = tracks
        try recorder.run(
            opening: { _, _ throws(MediaError) in
                let turn = opened.withLock { opened in
                    opened += 1
                    return opened
                }
                if turn == 2 { throw MediaError(.sourceLost, "Nobody answers.") }
                // The second connection repeats the group in progress.
                let part =
                    turn == 1 ? packets.filter { ($0.pts ?? 0) < 2500 } : packets.filter { ($0.pts ?? 0) >= 2000 }
                return turn == 1 ? LosingInput(ScriptedInput(tracks, part)) : ScriptedInput(tracks, part)
            },
            interrupt: MediaInterrupt()
        )
        #expect(recorder.recorded.map(\.epoch) == [0])
        #expect(recorder.recorded[0].ring.snapshot().packets.map(Identity.init) == packets.map(Identity.init))
        #expect(notices.withLock { $0 } == ["opened", "It broke off.", "Nobody answers.", "opened"])
    }

    @Test func endsWithinItsPauseWhenItIsCancelled() throws {
        let interrupt = MediaInterrupt()
        let recorder = recorder { _ in interrupt.cancel() }
        #expect(throws: MediaError.cancelled) {
            try recorder.run(
                opening: { _, _ throws(MediaError) in throw MediaError(.sourceLost, "Nobody answers.") },
                interrupt: interrupt
            )
        }
        #expect(recorder.status.isOver)
    }

    @Test func goesOnWhereAnEarlierWorkerStopped() throws {
        let packets = Synthetic.stream(seconds: 6)
        let recorder = recorder()
        let early = packets.filter { ($0.pts ?? 0) < 3300 }
        recorder.resume(ReplaySnapshot(streams: tracks, packets: early), epoch: 7)
        try record(recorder, ScriptedInput(tracks, packets.filter { ($0.pts ?? 0) >= 3000 }))
        #expect(recorder.recorded.map(\.epoch) == [7])
        #expect(recorder.recorded[0].ring.snapshot().packets.map(Identity.init) == packets.map(Identity.init))
    }

    @Test func aSlowListenerLosesPacketsAndGoesOnAtAKeyFrame() throws {
        let recorder = recorder()
        let tap = recorder.tap([.video], limit: 20_000)
        try record(recorder, ScriptedInput(tracks, Synthetic.stream(seconds: 9)))
        let (items, lost) = tap.drain()
        #expect(lost > 0)
        let packets = items.compactMap { item in
            if case .packet(let packet) = item { packet } else { nil }
        }
        #expect(packets.first?.isKey == true)
        #expect(packets.count + lost == 225)
        guard case .tracks = items.first else {
            Issue.record("the tracks must be known")
            return
        }
    }

    @Test func soundIsRecordedAlthoughNoKeyFrameEverComes() throws {
        let recorder = recorder()
        let packets = Synthetic.stream(seconds: 5).filter { $0.kind == .audio || !$0.isKey }
        try record(recorder, ScriptedInput(tracks, packets))
        #expect(recorder.status.picturesBeforeKeyFrame == 120)
        let cut = try LiveCutter(recorder: recorder, spool: nil).snapshot(of: MediaInterval(seconds: 1..<4))
        let selection = try #require(ClipSelection(from: cut.packets, wish: MediaInterval(seconds: 1..<4)))
        #expect(selection.interval == MediaInterval(seconds: 1..<4))
    }

    @Test func waitsForThePostRollOfEveryTrackThatLives() throws {
        let recorder = recorder()
        try record(recorder, ScriptedInput(tracks, Synthetic.stream(seconds: 5)))
        let cutter = LiveCutter(recorder: recorder, spool: nil)
        // The stream is over, so there is nothing to wait for.
        try cutter.wait(
            until: MediaTime(seconds: 60),
            clock: SessionClock(origin: SessionClock.monotonic),
            interrupt: MediaInterrupt()
        )
        let idle = self.recorder()
        let interrupt = MediaInterrupt()
        #expect(throws: MediaError.cancelled) {
            try LiveCutter(recorder: idle, spool: nil).wait(
                until: MediaTime(seconds: 60),
                clock: SessionClock(origin: SessionClock.monotonic),
                interrupt: interrupt
            ) { _ in interrupt.cancel() }
        }
    }
}

/// An input that is lost where another one ends.
final class LosingInput: LiveInput {
    private let other: any LiveInput

    init(_ other: any LiveInput) {
        self.other = other
    }

    var streams: [StreamInfo] { other.streams }

    func next() throws(MediaError) -> LivePacket? {
        guard let next = try other.next() else { throw MediaError(.sourceLost, "It broke off.") }
        return next
    }
}
