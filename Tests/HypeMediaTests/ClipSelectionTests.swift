import HypeCore
import HypeMedia
import Testing

struct ClipSelectionTests {
    /// Two groups of I B B P with decoding order I P B B, 40 ms apart; presentation times in ms.
    private let reordered: [Packet] = {
        let order: [Int64] = [0, 120, 40, 80, 240, 160, 200, 360, 280, 320]
        var packets: [Packet] = []
        for base: Int64 in [0, 480] {
            for (index, pts) in order.enumerated() {
                let dts = base + Int64(index) * 40 - 80
                packets.append(Synthetic.packet(.video, at: base + pts, dts: dts, isKey: pts == 0))
            }
        }
        return packets
    }()

    @Test func startsAtThePictureThatIsShown() throws {
        let selection = try #require(ClipSelection(from: reordered, wish: MediaInterval(seconds: 0.13..<0.3)))
        #expect(selection.interval.start == MediaTime(seconds: 0.12))
        #expect(selection.packets.first?.pts == 0)
    }

    @Test func fillsUpToThePictureThatIsShownLast() throws {
        let selection = try #require(ClipSelection(from: reordered, wish: MediaInterval(seconds: 0..<0.17)))
        // The picture at 160 leans on the one at 240, so those between are needed as well.
        #expect(selection.packets.compactMap(\.pts).sorted() == [0, 40, 80, 120, 160, 200, 240])
        #expect(selection.interval.end == MediaTime(seconds: 0.28))
    }

    @Test func leavesOutPicturesThatLeanOnTheGroupBefore() throws {
        let open = reordered.map { packet in
            guard packet.pts == 520 || packet.pts == 560 else { return packet }
            return packet.shifted(byTicks: -80)
        }
        let selection = try #require(ClipSelection(from: open, wish: MediaInterval(seconds: 0.49..<0.7)))
        #expect(selection.packets.compactMap(\.pts).min() == 480)
    }

    @Test func keepsSoundAroundTheStartAndNoneAfterTheEnd() throws {
        let selection = try #require(
            ClipSelection(from: Synthetic.stream(seconds: 5), wish: MediaInterval(seconds: 2.05..<3))
        )
        #expect(selection.interval == MediaInterval(seconds: 2.04..<3))
        let sound = selection.packets.filter { $0.kind == .audio }.compactMap(\.pts)
        #expect(sound.first == 2000)
        #expect(sound.last == 2980)
    }

    @Test func findsNothingBesideTheRecording() {
        #expect(ClipSelection(from: Synthetic.stream(seconds: 2), wish: MediaInterval(seconds: 5..<6)) == nil)
        #expect(ClipSelection(from: [], wish: MediaInterval(seconds: 5..<6)) == nil)
        let keyless = Synthetic.stream(seconds: 2).filter { $0.kind == .video && !$0.isKey }
        #expect(ClipSelection(from: keyless, wish: MediaInterval(seconds: 0..<1)) == nil)
    }

    @Test func makesDecodingTimesThatRise() throws {
        let packets = reordered.map { packet in
            Packet(
                kind: .video,
                pts: packet.pts,
                dts: nil,
                duration: 0,
                timebase: packet.timebase,
                isKey: packet.isKey,
                bytes: packet.bytes
            )
        }
        let track = ClipTrack(stream: try Synthetic.track(.video), packets: packets, epoch: MediaTime(seconds: 0.12))
        #expect(track.entries.map(\.pts) == packets.compactMap(\.pts).map { $0 - 120 })
        #expect(zip(track.entries.dropFirst(), track.entries).allSatisfy { $0.dts > $1.dts })
        #expect(track.entries.allSatisfy { $0.dts <= $0.pts })
    }
}
