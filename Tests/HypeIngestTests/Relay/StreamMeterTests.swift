import HypeIngest
import NIOCore
import Testing

struct StreamMeterTests {
    private var meter = StreamMeter()

    private func picture(_ time: Int64, isKey: Bool) -> MediaPacket {
        MediaPacket(.h264, time: time, frame: MediaUnit.Frame(isKey: isKey), data: .pattern(1000))
    }

    private mutating func warnings(_ packets: [MediaPacket]) -> [IngestWarning] {
        packets.flatMap { meter.take($0) }
    }

    @Test mutating func measuresBitrateAndKeyFrames() {
        let start = ContinuousClock.now
        #expect(meter.measure(now: start) == nil)
        for frame in 0..<60 { _ = meter.take(picture(Int64(frame * 50), isKey: frame % 40 == 0)) }
        _ = meter.take(MediaPacket(.aac, time: 10, data: .pattern(500)))
        let measure = meter.measure(now: start + .seconds(3))
        let expected = StreamMeasure(
            videoBitrate: 160_000,
            audioBitrate: 1333,
            frameRate: 20,
            keyFrameInterval: .seconds(2)
        )
        #expect(measure == expected)
        #expect(meter.measure(now: start + .seconds(4))?.videoBitrate == 0)
    }

    @Test mutating func asksForMoreKeyFramesOnce() {
        let packets = (0..<250).map { picture(Int64($0 * 100), isKey: $0 % 100 == 0) }
        let given = warnings(packets + [MediaPacket(.aac, time: 1, data: .pattern(1))])
        #expect(given.filter { $0.kind == .longKeyFrameInterval } == [.longKeyFrameInterval(.seconds(10))])
        #expect("\(IngestWarning.longKeyFrameInterval(.seconds(10)))".contains("10 s"))
    }

    @Test mutating func noticesThatNoKeyFrameComes() {
        let given = warnings((0..<130).map { picture(Int64($0 * 100), isKey: false) })
        #expect(given == [.videoOnly, .noKeyFrame])
    }

    @Test mutating func noticesSoundAlone() {
        #expect(warnings((0..<300).map { MediaPacket(.aac, time: Int64($0 * 20), data: .pattern(1)) }) == [.audioOnly])
    }

    @Test mutating func isContentWithTwoSeconds() {
        let packets = (0..<1000).flatMap { index -> [MediaPacket] in
            let sound = MediaPacket(.aac, time: Int64(index * 33), data: .pattern(1))
            return [picture(Int64(index * 33), isKey: index % 60 == 0), sound]
        }
        #expect(warnings(packets).isEmpty)
    }
}
