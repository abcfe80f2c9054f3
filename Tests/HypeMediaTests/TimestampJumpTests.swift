import Foundation
import HypeCore
import HypeMedia
import Testing

struct TimestampJumpTests {
    /// A transport stream whose second half starts over (offset 0) or leaps ahead.
    private func joined(offset: Int) throws -> MediaFile {
        let first = try TestMedia.flashAndBeep("ts", bFrames: 2)
        let second = try TestMedia.recording(
            "offset-\(offset).ts",
            ["-i", first, "-c", "copy", "-output_ts_offset", "\(offset)"]
        )
        let path = TestMedia.scratch("jump.ts")
        var data = try Data(contentsOf: URL(fileURLWithPath: first))
        data.append(try Data(contentsOf: URL(fileURLWithPath: second)))
        try data.write(to: URL(fileURLWithPath: path))
        return try MediaFile(path: path)
    }

    @Test(arguments: [0, 3000])
    func runsOnWhereTimeStampsStartOverOrLeap(offset: Int) throws {
        let file = try joined(offset: offset)
        #expect(file.timestampJumps == 1)
        #expect(abs(file.info.interval.duration.inSeconds - 16) < 0.2)
        let frames = try FrameReader(file, settings: .init(longestSide: 64)).rest()
        #expect(zip(frames.dropFirst(), frames).allSatisfy { $0.time > $1.time })
        #expect(frames.count > 110)
        #expect(frames.count <= 131)
        try FrameReaderTests.expectEqualFrames(
            in: file,
            stretches: [(0.5, 1.5), (7.3, 8.9), (8.6, 9.6), (11.2, 12), (15, 17)]
        )
        let sound = try Sound(file)
        #expect(sound.isMonotonic)
        #expect(sound.onsets.count == 16)
    }

    @Test func keepsSoundAndPictureTogetherAfterAJump() throws {
        let file = try joined(offset: 0)
        let origin = file.info.interval.start
        let clip = try ClipCutter().cut(
            file,
            interval: MediaInterval(start: origin + .seconds(6.5), end: origin + .seconds(11.5)),
            to: TestMedia.scratch("across.mp4")
        )
        #expect(abs(clip.duration.inSeconds - 5) < 0.15)
        let written = try FlashAndBeep(clip.path)
        #expect(written.offsets.count == 5)
        #expect(written.offsets.allSatisfy { abs($0) < 0.002 }, "\(written.flashes) \(written.beeps)")
    }

    @Test func givesAllStreamsTheSameOffset() {
        var repair = TimestampRepair(limits: .file)
        func shift(_ stream: Int, _ milliseconds: Int64) -> Int64 {
            let time = MediaTime(nanoseconds: milliseconds * 1_000_000)
            return repair.offset(stream: stream, decodingTime: time, duration: .milliseconds(40)).nanoseconds
                / 1_000_000
        }
        #expect(shift(0, 0) == 0)
        #expect(shift(1, 10) == 0)
        #expect(shift(0, 5000) == 0)
        // The picture starts over while old sound still comes.
        let moved = shift(0, 0)
        #expect(moved == 5040)
        #expect(shift(1, 4990) == 0)
        #expect(shift(1, 20) == moved)
        #expect(shift(0, 40) == moved)
        #expect(repair.jumps == 1)
    }

    @Test func closesLeapsInsideAClip() throws {
        let packets = Synthetic.stream(seconds: 6).map { packet in
            packet.shifted(byTicks: (packet.pts ?? 0) >= 3000 ? 4000 : 0)
        }
        let selection = try #require(ClipSelection(from: packets, wish: MediaInterval(seconds: 1.2..<9)))
        let closed = ClosedGaps(selection)
        #expect(closed.start == MediaTime(seconds: 1.2))
        #expect(abs((closed.end - closed.start).inSeconds - 3.8) < 0.1)
        let times = closed.packets.filter { $0.kind == .video }.compactMap(\.pts)
        #expect(zip(times.dropFirst(), times).allSatisfy { $0 - $1 == 40 })
    }

    @Test func leavesAStillPictureAlone() throws {
        let packets = [0, 40, 6000, 6040].map { Synthetic.packet(.video, at: $0, isKey: $0 == 0) }
        let selection = try #require(ClipSelection(from: packets, wish: MediaInterval(seconds: 0..<9)))
        #expect(ClosedGaps(selection).packets.map(\.pts) == [0, 40, 6000, 6040])
    }
}
