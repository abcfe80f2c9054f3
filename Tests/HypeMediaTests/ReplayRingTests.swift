import HypeCore
import HypeMedia
import Testing

struct ReplayRingTests {
    private func ring(span: Duration = .seconds(5), bytes: Int = 1 << 20, hasVideo: Bool = true) throws -> ReplayRing {
        let kinds: [StreamInfo.Kind] = hasVideo ? [.video, .audio] : [.audio]
        return ReplayRing(
            streams: try kinds.map { try Synthetic.track($0) },
            limits: ReplayRing.Limits(span: span, bytes: bytes)
        )
    }

    @Test func keepsTheWantedSpanAndAtMostOneGroupMore() throws {
        let ring = try ring()
        for packet in Synthetic.stream(seconds: 20) { ring.append(packet) }
        let interval = try #require(ring.fill.interval)
        #expect(interval.duration >= .seconds(5))
        #expect(interval.duration <= .seconds(6.1))
        #expect(interval.end == MediaTime(seconds: 20))
    }

    @Test func bytesWinOverTime() throws {
        let ring = try ring(span: .seconds(60), bytes: 100_000)
        for packet in Synthetic.stream(seconds: 30) {
            ring.append(packet)
            #expect(ring.fill.bytes <= 100_000)
        }
        #expect(ring.fill.bytes > 60_000)
        #expect(ring.snapshot().packets.first { $0.kind == .video }?.isKey == true)
    }

    @Test func evictsEvenIfNoKeyFrameEverComes() throws {
        for bytes in [50_000, 10 << 20] {
            let ring = try ring(bytes: bytes)
            for packet in Synthetic.stream(seconds: 60) where !packet.isKey || packet.kind == .audio {
                ring.append(packet)
            }
            #expect(ring.fill.bytes <= bytes)
            #expect(try #require(ring.fill.interval).duration <= .seconds(7))
            #expect(ring.snapshot().packets.allSatisfy { $0.kind == .audio })
        }
    }

    @Test func dropsAGroupThatOutgrowsTheBytes() throws {
        let ring = try ring(bytes: 50_000)
        for packet in Synthetic.stream(seconds: 60) where packet.kind == .audio || !packet.isKey || packet.pts == 0 {
            ring.append(packet)
            #expect(ring.fill.bytes <= 50_000)
        }
        #expect(ring.snapshot().packets.allSatisfy { $0.kind == .audio })
        ring.append(Synthetic.packet(.video, at: 60_000, isKey: true))
        #expect(ring.snapshot().packets.contains { $0.kind == .video && $0.isKey })
    }

    @Test func treatsEverySoundPacketAsKeyWithoutPicture() throws {
        let ring = try ring(hasVideo: false)
        for packet in Synthetic.stream(seconds: 20) where packet.kind == .audio { ring.append(packet) }
        let interval = try #require(ring.fill.interval)
        #expect(interval.duration >= .seconds(5))
        #expect(interval.duration <= .seconds(5.6))
        let start = MediaTime(seconds: 17.29)
        let packets = ring.snapshot(from: start).packets
        #expect(try #require(packets.first?.time) <= start)
        #expect(packets.last?.time == MediaTime(seconds: 19.98))
    }

    @Test func snapshotsBeginAtTheKeyFrameBefore() throws {
        let ring = try ring()
        for packet in Synthetic.stream(seconds: 10) { ring.append(packet) }
        let packets = ring.snapshot(from: MediaTime(seconds: 7.7)).packets
        let first = try #require(packets.first { $0.kind == .video })
        #expect(first.isKey)
        #expect(first.time == MediaTime(seconds: 7))
        #expect(packets.first { $0.kind == .audio }.flatMap(\.time).map { $0 <= MediaTime(seconds: 7) } == true)
    }

    @Test func keepsSoundThatIsHeardAfterTheKeyFrameButCameBefore() throws {
        let ring = try ring(span: .seconds(1))
        for packet in Synthetic.stream(seconds: 2) where packet.kind == .video { ring.append(packet) }
        // Sound that runs 300 ms ahead in the file.
        for time in stride(from: Int64(0), to: 3300, by: 20) {
            ring.append(Synthetic.packet(.audio, at: time, duration: 20))
        }
        for time in stride(from: Int64(2000), to: 4200, by: 40) {
            ring.append(Synthetic.packet(.video, at: time, isKey: time % 1000 == 0))
        }
        let packets = ring.snapshot().packets
        let key = try #require(packets.first { $0.kind == .video }?.time)
        #expect(key >= MediaTime(seconds: 3))
        #expect(packets.contains { $0.kind == .audio && $0.time == key })
    }

    @Test func joinsSnapshotAndTapWithoutGapOrRepetition() throws {
        var random = SeededRandom(seed: 4)
        let packets = Synthetic.stream(seconds: 12)
        for _ in 0..<20 {
            let ring = try ring(span: .seconds(30))
            let cut = Int.random(in: 1..<packets.count, using: &random)
            for packet in packets[..<cut] { ring.append(packet) }
            let (snapshot, tap) = ring.snapshotAndTap()
            var later: [Packet] = []
            for packet in packets[cut...] {
                ring.append(packet)
                if Int.random(in: 0..<40, using: &random) == 0 { later += tap.drain() }
            }
            later += tap.drain()
            let joined = snapshot.appending(later).packets
            #expect(joined.map(\.kind) == packets.map(\.kind))
            #expect(joined.map(\.pts) == packets.map(\.pts))
            #expect(!tap.isOverrun)
        }
    }

    @Test func tapsThatAreNotEmptiedGiveUp() throws {
        let ring = try ring()
        let (_, tap) = ring.snapshotAndTap(tapLimit: 10_000)
        for packet in Synthetic.stream(seconds: 5) { ring.append(packet) }
        #expect(tap.isOverrun)
        #expect(tap.drain().isEmpty)
    }

    @Test func snapshotsStayWhenTheRingMovesOn() throws {
        let ring = try ring(span: .seconds(2))
        for packet in Synthetic.stream(seconds: 4) { ring.append(packet) }
        let snapshot = ring.snapshot()
        let before = snapshot.packets.map { packet in packet.bytes.withUnsafeBytes { Array($0) } }
        for packet in Synthetic.stream(seconds: 40) { ring.append(packet.shifted(byTicks: 4000)) }
        #expect(snapshot.packets.map { packet in packet.bytes.withUnsafeBytes { Array($0) } } == before)
    }

    @Test(arguments: 0..<20)
    func holdsItsBoundsForAnyStream(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let bytes = Int.random(in: 5000..<400_000, using: &random)
        let span = Duration.milliseconds(Int.random(in: 200..<20_000, using: &random))
        let hasVideo = Bool.random(using: &random)
        let ring = try ring(span: span, bytes: bytes, hasVideo: hasVideo)
        let keyEvery = Int.random(in: 1..<300, using: &random)
        var time: Int64 = 0
        for index in 0..<3000 {
            time += Int64.random(in: -5..<60, using: &random)
            if index == 1500 { time += Int64.random(in: -90_000..<90_000, using: &random) }
            let kind: StreamInfo.Kind = hasVideo && Bool.random(using: &random) ? .video : .audio
            ring.append(
                Synthetic.packet(
                    kind,
                    at: time,
                    isKey: index % keyEvery == 0,
                    size: Int.random(in: 0..<4000, using: &random)
                )
            )
            #expect(ring.fill.bytes <= bytes)
        }
        for start in stride(from: Int64(0), to: time, by: 5000) {
            let packets = ring.snapshot(from: MediaTime(pts: start, timebase: Timebase(1, 1000))).packets
            guard hasVideo, let first = packets.first(where: { $0.kind == .video }) else { continue }
            #expect(first.isKey)
        }
    }
}

/// The splitmix64 generator, so that a failing run can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
