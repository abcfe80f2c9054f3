import Foundation
import HypeApp
import HypeChat
import HypeCore
import HypeMoments
import HypeWorkerLink
import Testing

@Suite
struct LiveCoreTests {
    private static let second: Int64 = 1_000_000_000
    private static let epoch: Int64 = 1_700_000_000 * second
    /// The monotonic clock does not begin with the session.
    private static let origin: Int64 = 500 * second

    /// A stream of which everything arrives a fixed time after it was made.
    private struct Stream {
        var core: LiveCore
        var effects: [LiveCore.Effect] = []
        private(set) var time = 0.0

        init(settings: MomentSettings = MomentSettings()) {
            core = LiveCore(LiveCore.Options(moments: settings, origin: origin, chatReason: "no channel"))
        }

        /// Plays the stream for a while; voices and lines as given.
        mutating func play(_ seconds: Double, voice: Double = 0.1, face: Double? = nil, users: Int = 1) {
            let end = time + seconds
            while time < end {
                let now = origin + Int64(time * 1e9)
                effects += core.take(.clock(LiveClockSample(media: MediaTime(seconds: time), arrival: now)), at: now)
                if time.truncatingRemainder(dividingBy: 1) == 0 {
                    core.take(lines(users), wall: epoch + Int64(time * 1e9), monotonic: now)
                }
                if time.truncatingRemainder(dividingBy: 0.5) == 0, time >= 1.5 {
                    let heard = MediaInterval(seconds: time - 1.5..<time - 1)
                    var seen = [Observation(kind: .voice, interval: heard, score: voice, evidence: nil)]
                    if let face { seen.append(Observation(kind: .face, interval: heard, score: face, evidence: nil)) }
                    effects += core.take(seen)
                }
                effects += core.tick(at: now)
                time += 0.25
            }
        }

        private func lines(_ users: Int) -> [ChatEvent] {
            (0..<users).map { user in
                ChatEvent(
                    sent: Date(timeIntervalSince1970: Double(epoch) / 1e9 + time),
                    userID: "\(Int(time) % 40)/\(user)",
                    displayName: "",
                    text: "POG \(user)"
                )
            }
        }

        var orders: [LiveDirector.Order] {
            effects.compactMap { if case .order(let order) = $0 { order } else { nil } }
        }
        var cuts: [LiveDirector.Cut] { orders.compactMap { if case .cut(let cut) = $0 { cut } else { nil } } }
        var spikes: [ChatSpike] { orders.compactMap { if case .spike(let spike) = $0 { spike } else { nil } } }
    }

    @Test
    func nothingIsJudgedBeforeTheFirstPacket() {
        var core = LiveCore(LiveCore.Options(moments: MomentSettings(), origin: 0, chatReason: "no channel"))
        _ = core.chat(is: Session.Part(.chat, .ok))
        var count = 0
        for step in 0..<400 {
            for case .observation in core.tick(at: Int64(step) * Self.second / 4) { count += 1 }
        }
        #expect(count == 0)
        #expect(core.position(at: 90 * Self.second) == .zero)
        #expect(core.finish(at: 100 * Self.second).isEmpty)
    }

    @Test
    func chatAndVoiceTogetherMakeAClipThatReachesBack() throws {
        var stream = Stream()
        stream.effects += stream.core.chat(is: Session.Part(.chat, .ok))
        stream.play(240)
        stream.play(3, voice: 0.9)
        stream.play(3)
        stream.play(14, users: 16)
        stream.play(40)
        #expect(stream.spikes.count == 1)
        let cut = try #require(stream.cuts.last)
        #expect(cut.isWhole && cut.clip == 1)
        #expect(cut.plan.interval.start.seconds < 233 && cut.plan.interval.end.seconds > 245)
    }

    @Test
    func facesAreAskedForAroundTheVoice() {
        var stream = Stream()
        stream.play(60)
        stream.play(3, voice: 0.9)
        stream.play(10)
        let watched = stream.orders.compactMap { if case .watch(let cell) = $0 { cell } else { nil } }
        #expect(!watched.isEmpty)
        let covers = watched.contains { $0.contains(MediaTime(seconds: 60.5)) }
        #expect(covers)
        let isGrid = watched.allSatisfy {
            $0.duration == MomentSettings().faceSegment && $0.start.seconds.truncatingRemainder(dividingBy: 4) == 0
        }
        #expect(isGrid)
    }

    @Test
    func threeSignalsCutAtTheTickOfTheThird() throws {
        var stream = Stream()
        _ = stream.core.chat(is: Session.Part(.chat, .ok))
        stream.play(240)
        stream.play(8, voice: 0.9, face: 0.9, users: 16)
        let instant = try #require(stream.cuts.first { !$0.isWhole })
        #expect(instant.plan.decision == .instant)
        stream.play(30)
        #expect(stream.cuts.last?.isWhole == true && stream.cuts.last?.clip == instant.clip)
    }

    @Test
    func aStreamThatEndsLeavesNothingUndecided() {
        var stream = Stream()
        _ = stream.core.chat(is: Session.Part(.chat, .ok))
        stream.play(240)
        stream.play(3, voice: 0.9)
        stream.play(13, users: 16)
        stream.effects += stream.core.finish(at: Self.origin + Int64(stream.time * 1e9))
        #expect(stream.cuts.last?.isWhole == true)
    }

    @Test
    func partsAreToldOnceForEachChange() {
        var core = LiveCore(LiveCore.Options(moments: MomentSettings(), origin: 0, chatReason: "no channel"))
        var told = 0
        for step in 0..<40 {
            let now = Int64(step) * Self.second / 4
            let report = LiveReport.clock(LiveClockSample(media: MediaTime(nanoseconds: now), arrival: now))
            for case .parts in core.take(report, at: now) + core.tick(at: now) { told += 1 }
        }
        for case .parts in core.workerDied() { told += 1 }
        for case .parts in core.source(isGone: "gone", at: 10 * Self.second) { told += 1 }
        #expect(told == 3)
    }
}
