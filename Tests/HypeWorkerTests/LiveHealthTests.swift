import CFFmpeg
import HypeCore
import HypeMedia
import HypeWorker
import HypeWorkerLink
import Testing

struct LiveHealthTests {
    private let second: Int64 = 1_000_000_000

    private func stream(_ kind: StreamInfo.Kind) throws -> StreamInfo {
        let parameters = try #require(avcodec_parameters_alloc())
        defer {
            var last: UnsafeMutablePointer<AVCodecParameters>? = parameters
            avcodec_parameters_free(&last)
        }
        let copy = try #require(CodecParameters(copying: parameters))
        return StreamInfo(kind: kind, index: 0, timebase: Timebase(1, 1000), parameters: copy)
    }

    private func status(_ now: Int64, picture: Int64? = nil, sound: Int64? = nil) throws -> LiveRecorder.Status {
        var status = LiveRecorder.Status()
        status.streams = [try stream(.video), try stream(.audio)]
        status.isOpen = true
        status.arrivals = [.picture: picture ?? now, .sound: sound ?? now]
        status.last = (MediaTime(nanoseconds: now), max(picture ?? now, sound ?? now))
        status.front = MediaTime(nanoseconds: now)
        return status
    }

    private func words(_ findings: [LiveHealth.Finding]) -> [String] {
        findings.map { finding in
            switch finding {
            case .track(let track, let reason): "\(track.rawValue): \(reason.map { String($0.prefix(16)) } ?? "well")"
            case .silent: "silent"
            case .resumed: "resumed"
            case .reopen: "reopen"
            }
        }
    }

    private func update(
        _ health: inout LiveHealth,
        _ status: LiveRecorder.Status,
        _ gauge: SoundGauge = SoundGauge(),
        at now: Int64
    ) -> [String] {
        words(health.update(status, sound: gauge, at: now))
    }

    @Test func namesATrackThatDiesWithinFiveSecondsAndItsReturn() throws {
        var health = LiveHealth(patience: nil)
        #expect(try update(&health, status(0), at: 0).isEmpty)
        #expect(try update(&health, status(2 * second, picture: 0), at: 2 * second).isEmpty)
        #expect(try update(&health, status(4 * second, picture: 0), at: 4 * second) == ["picture: no picture comes"])
        #expect(try update(&health, status(5 * second, picture: 0), at: 5 * second).isEmpty)
        #expect(try update(&health, status(6 * second), at: 6 * second) == ["picture: well"])
    }

    @Test func namesADeadMicrophone() throws {
        var health = LiveHealth(patience: nil)
        var gauge = SoundGauge()
        gauge.silentSince = .zero
        gauge.heardUntil = MediaTime(seconds: 3.9)
        #expect(try update(&health, status(4 * second), gauge, at: 4 * second).isEmpty)
        gauge.heardUntil = MediaTime(seconds: 4.1)
        #expect(try update(&health, status(4 * second), gauge, at: 4 * second) == ["sound: the sound is sil"])
        gauge.silentSince = nil
        #expect(try update(&health, status(5 * second), gauge, at: 5 * second) == ["sound: well"])
    }

    @Test func opensASourceAnewThatStaysSilent() throws {
        var health = LiveHealth(patience: .seconds(20))
        #expect(try update(&health, status(0), at: 0).isEmpty)
        let dead = try status(0)
        #expect(update(&health, dead, at: 4 * second) == ["silent"])
        #expect(update(&health, dead, at: 10 * second).isEmpty)
        #expect(update(&health, dead, at: 21 * second) == ["reopen"])
        #expect(update(&health, dead, at: 22 * second).isEmpty)
    }

    @Test func saysWhenASilentSourceSendsAgain() throws {
        var health = LiveHealth(patience: nil)
        _ = try update(&health, status(0), at: 0)
        #expect(try update(&health, status(0), at: 60 * second) == ["silent"])
        #expect(try update(&health, status(61 * second), at: 61 * second) == ["resumed"])
    }

    @Test func namesAPublisherWithoutKeyFrames() throws {
        var health = LiveHealth(patience: nil)
        var status = try status(second)
        status.picturesBeforeKeyFrame = LiveHealth.keylessPictures
        #expect(update(&health, status, at: second) == ["picture: the stream sends"])
    }
}
