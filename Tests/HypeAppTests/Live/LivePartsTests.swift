import HypeApp
import HypeCore
import HypeWorkerLink
import Testing

@Suite
struct LivePartsTests {
    private static let second: Int64 = 1_000_000_000
    private static let media = MediaInfo(
        container: "flv",
        interval: MediaInterval(start: .zero, end: .zero),
        video: MediaInfo.Video(codec: "h264", width: 1280, height: 720, frameRate: 30, rotation: 0),
        audio: nil
    )
    private static func clock(_ at: Int64) -> LiveReport { .clock(LiveClockSample(media: .zero, arrival: at)) }

    @Test
    func whatTheStreamLacksIsSaid() {
        var parts = LiveParts(chat: "no channel")
        parts.take(.opened(Self.media, from: .zero), at: 0)
        #expect(parts[.picture].state == .ok && parts[.source].state == .ok && parts[.worker].state == .ok)
        #expect(parts[.sound] == Session.Part(.sound, .missing, "the stream has no sound"))
        #expect(parts[.chat] == Session.Part(.chat, .missing, "no channel"))
        #expect(parts.all.map(\.name) == Session.Part.Name.allCases)
    }

    @Test
    func aSourceWithoutPacketsIsNamedWithinFiveSeconds() {
        var parts = LiveParts(chat: "")
        parts.take(Self.clock(0), at: 0)
        parts.tick(at: 2 * Self.second)
        #expect(parts[.source].state == .ok)
        parts.tick(at: 4 * Self.second)
        #expect(parts[.source].state == .degraded && parts[.worker].state == .degraded)
        parts.take(Self.clock(5 * Self.second), at: 5 * Self.second)
        #expect(parts[.source].state == .ok && parts[.worker].state == .ok)
    }

    @Test
    func aWorkerThatDiesAndComesBackIsSeen() {
        var parts = LiveParts(chat: "")
        parts.take(Self.clock(0), at: 0)
        parts.workerDied()
        #expect(parts[.worker].state == .degraded && parts[.worker].reason != nil)
        parts.take(.level(LiveLevel(time: .zero, loudness: -20, isSpeech: false)), at: Self.second)
        #expect(parts[.worker] == Session.Part(.worker, .ok))
    }

    @Test
    func aCoveredCameraASilentMicrophoneAndAFullDiskComeAndGo() {
        var parts = LiveParts(chat: "")
        parts.take(.track(.picture, reason: "black for 5 s"), at: 0)
        parts.take(.track(.sound, reason: "silent"), at: 0)
        parts.take(.spool(bytes: 1, from: .zero, reason: "the disk is full"), at: 0)
        #expect(parts[.picture].reason == "black for 5 s" && parts[.sound].state == .missing)
        #expect(parts[.spool].state == .degraded)
        parts.take(.track(.picture, reason: nil), at: 1)
        parts.take(.spool(bytes: 1, from: .zero, reason: nil), at: 1)
        #expect(parts[.picture].state == .ok && parts[.spool].state == .ok && parts[.sound].state == .missing)
    }

    @Test
    func anEncoderThatLeftIsToldFromSilence() {
        var parts = LiveParts(chat: "")
        parts.take(Self.clock(0), at: 0)
        parts.sourceLeft("the encoder is gone", at: Self.second)
        parts.tick(at: 10 * Self.second)
        #expect(parts[.source] == Session.Part(.source, .missing, "the encoder is gone"))
        // The worker says the last packet again and again.
        parts.take(Self.clock(Self.second + 100_000_000), at: 11 * Self.second)
        #expect(parts[.source].state == .missing)
        parts.take(Self.clock(12 * Self.second), at: 12 * Self.second)
        #expect(parts[.source].state == .ok)
    }
}
