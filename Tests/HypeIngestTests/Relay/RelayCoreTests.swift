import HypeCore
import HypeIngest
import NIOCore
import Testing

struct RelayCoreTests {
    private let h264 = TrackSet.Track(codec: .h264, configuration: bytes("014d"))
    private let aac = TrackSet.Track(codec: .aac, configuration: bytes("1190"))

    private func picture(_ time: Int64, isKey: Bool = false, _ size: Int = 100) -> MediaPacket {
        MediaPacket(.h264, time: time, frame: MediaUnit.Frame(isKey: isKey), data: .pattern(size))
    }

    private func sound(_ time: Int64) -> MediaPacket {
        MediaPacket(.aac, time: time, data: .pattern(10))
    }

    /// The times of the FLV tags that a reader was given, headers left out.
    private func times(_ actions: [RelayCore.Action]) -> [UInt32] {
        actions.compactMap { action in
            guard case .write(let tag) = action, tag.getInteger(at: 0, as: UInt8.self) != 0x46 else { return nil }
            return tag.getInteger(at: 4, as: UInt32.self).map { $0 >> 8 | $0 << 24 }
        }
    }

    /// A relay with both tracks and a picture each 100 ms, a key frame each `interval`.
    private func filled(_ limits: RelayLimits = RelayLimits(), until end: Int64, interval: Int64 = 2000) -> RelayCore {
        var core = RelayCore(limits: limits)
        _ = core.take(h264)
        _ = core.take(aac)
        for time in stride(from: 0, to: end, by: 100) { _ = core.take(picture(time, isKey: time % interval == 0)) }
        return core
    }

    @Test func servesHeaderThenPacketsThenLive() {
        var core = filled(until: 300)
        let first = core.readerCame()
        #expect(first.first == .write(FLVWriter.header(for: core.tracks, metadata: nil, time: 0)))
        #expect(times(first) == [0, 100, 200])
        #expect(times(core.take(picture(300))) == [300])
        #expect(times(core.take(sound(310))) == [310])
    }

    @Test func keepsWholeGroupsWhileAReaderIsThere() {
        var core = filled(RelayLimits(span: .seconds(4)), until: 100)
        _ = core.readerCame()
        for time in stride(from: Int64(100), to: 13_100, by: 100) {
            _ = core.take(picture(time, isKey: time % 2000 == 0))
        }
        core.readerLeft(hadEverything: false)
        let kept = times(core.readerCame())
        // 4 s before 13.0 s lie in the group that begins at 8.0 s.
        #expect(kept.first == 8000)
        #expect(kept.last == 13_000)
    }

    @Test func losesNothingWhileNobodyReads() {
        var core = filled(RelayLimits(span: .seconds(4)), until: 25_000)
        let isWhole = times(core.readerCame()) == stride(from: 0, to: 25_000, by: 100).map { UInt32($0) }
        #expect(isWhole)
        #expect(core.lostPackets == 0)
    }

    @Test func boundsBytesAndCountsWhatIsLost() {
        let limits = RelayLimits(bytes: 100_000)
        var core = filled(limits, until: 0)
        for time in stride(from: Int64(0), to: 60_000, by: 100) {
            _ = core.take(picture(time, isKey: time % 2000 == 0, 1000))
            #expect(core.keptBytes <= 100_000)
        }
        #expect(core.lostPackets > 400)
        let kept = times(core.readerCame())
        #expect(kept.first.map { $0 % 2000 } == 0)
        #expect(kept.last == 59_900)
    }

    @Test func survivesAGroupThatIsTooLarge() {
        var core = filled(RelayLimits(bytes: 100_000), until: 0)
        for time in stride(from: Int64(0), to: 60_000, by: 100) {
            _ = core.take(picture(time, isKey: time == 0, 1000))
            #expect(core.keptBytes <= 100_000)
        }
        // Without a key frame in reach a reader gets what there is.
        #expect(times(core.readerCame()).last == 59_900)
    }

    @Test func waitsForATrackThatWasAnnounced() {
        var core = RelayCore()
        core.take(.object([.init("width", .number(1)), .init("audiocodecid", .number(10))]))
        #expect(core.readerCame().isEmpty)
        #expect(core.take(h264).isEmpty)
        #expect(core.take(picture(0, isKey: true)).isEmpty)
        #expect(core.take(picture(100)).isEmpty)
        let actions = core.take(aac)
        #expect(times(actions) == [0, 100])
    }

    @Test(arguments: [("audiocodecid", 3000), ("height", 500), ("server", 1000)])
    func waitsByWhatWasAnnounced(name: String, wait: Int) {
        var core = RelayCore(limits: RelayLimits(settle: .seconds(1)))
        let size = AMF0Value.Property("width", .number(1280))
        core.take(.object([.init(name, .number(1))] + (name == "server" ? [] : [size])))
        _ = core.readerCame()
        _ = core.take(h264)
        let first = stride(from: 0, through: 4000, by: 100).first { time in
            !core.take(picture(Int64(time), isKey: time == 0)).isEmpty
        }
        #expect(first == wait)
    }

    @Test func settlesForOneTrackAfterAWhile() {
        var core = RelayCore(limits: RelayLimits(settle: .seconds(1)))
        _ = core.readerCame()
        _ = core.take(aac)
        for time in stride(from: Int64(0), to: 1000, by: 20) { #expect(core.take(sound(time)).isEmpty) }
        #expect(times(core.take(sound(1000))).count == 51)
        #expect(core.tracks.video == nil)
    }

    @Test func keepsSoundAloneInHalfSeconds() {
        var core = RelayCore(limits: RelayLimits(span: .seconds(4)))
        _ = core.take(aac)
        _ = core.readerCame()
        for time in stride(from: Int64(0), to: 20_000, by: 20) { _ = core.take(sound(time)) }
        core.readerLeft(hadEverything: false)
        let kept = times(core.readerCame())
        #expect(kept.first.map { 15_400...15_980 ~= $0 } == true)
        #expect(kept.last == 19_980)
    }

    @Test func endsTheReaderWhereTheConfigurationChanges() {
        var core = filled(until: 300)
        _ = core.readerCame()
        #expect(core.take(h264).isEmpty)
        let changed = TrackSet.Track(codec: .h264, configuration: bytes("0164"))
        #expect(core.take(changed) == [.finish])
        #expect(core.take(picture(300, isKey: true)).isEmpty)
        core.readerLeft(hadEverything: true)
        let next = core.readerCame()
        #expect(
            next.first == .write(FLVWriter.header(for: TrackSet(video: changed, audio: aac), metadata: nil, time: 300))
        )
        #expect(times(next) == [300])
        #expect(times(core.take(picture(400))) == [400])
    }

    @Test func keepsAnEpochUntilItWasRead() {
        var core = filled(until: 300)
        _ = core.take(TrackSet.Track(codec: .h264, configuration: bytes("0164")))
        _ = core.take(picture(300, isKey: true))
        let old = core.readerCame()
        #expect(times(old) == [0, 100, 200])
        #expect(old.last == .finish)
        // Killed in the middle: it gets the same again.
        core.readerLeft(hadEverything: false)
        #expect(times(core.readerCame()) == [0, 100, 200])
        core.readerLeft(hadEverything: true)
        #expect(times(core.readerCame()) == [300])
    }

    @Test func beginsAnEpochForATrackThatComesLate() {
        var core = RelayCore(limits: RelayLimits(settle: .milliseconds(500)))
        _ = core.take(aac)
        for time in stride(from: Int64(0), to: 1000, by: 20) { _ = core.take(sound(time)) }
        _ = core.readerCame()
        #expect(core.take(h264) == [.finish])
    }

    @Test func writesMatroskaForOtherCodecs() {
        var core = RelayCore()
        _ = core.take(TrackSet.Track(codec: .hevc, configuration: bytes("01")))
        _ = core.take(aac)
        let frame = MediaPacket(.hevc, time: 0, frame: MediaUnit.Frame(isKey: true), data: bytes("aa"))
        _ = core.take(frame)
        #expect(core.readerCame().last == .write(MatroskaWriter.bytes(of: frame)))
    }

    @Test func leavesOutFramesThatNothingCanDecode() {
        var core = RelayCore()
        _ = core.take(aac)
        #expect(core.take(picture(0, isKey: true)).isEmpty)
        #expect(core.keptBytes == 0)
    }

    @Test(arguments: 0..<8)
    func neverExceedsItsBytesNorSkipsForAReaderThatStays(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var core = RelayCore(limits: RelayLimits(span: .seconds(2), bytes: 80_000))
        var (sent, got, configuration): ([UInt32], [UInt32], UInt8) = ([], [], 0)
        _ = core.take(aac)
        _ = core.take(h264)
        got += times(core.readerCame())
        for step in 0..<3000 {
            let time = Int64(step * 33)
            if random.happens(0.01) {
                configuration &+= 1
                let track = TrackSet.Track(codec: .h264, configuration: ByteBuffer(bytes: [configuration]))
                if core.take(track).contains(.finish) {
                    core.readerLeft(hadEverything: true)
                    got += times(core.readerCame().dropLast(0))
                }
            }
            sent.append(UInt32(time))
            got += times(core.take(picture(time, isKey: random.happens(0.05), 1 + random.index(below: 3000))))
            #expect(core.keptBytes <= 80_000)
        }
        let isWhole = got == sent
        #expect(isWhole)
    }
}
