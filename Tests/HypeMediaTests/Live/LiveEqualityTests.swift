import Foundation
import HypeCore
import HypeMedia
import Testing

/// What is decoded out of memory is what is decoded out of a file of the same packets.
struct LiveEqualityTests {
    private struct Shown: Hashable {
        var time: MediaTime
        var image: PixelBuffer
    }

    private func session(bFrames: Int) throws -> (session: RecordedSession, file: MediaFile) {
        let path = try TestMedia.flashAndBeep("flv", bFrames: bFrames)
        return (try RecordedSession(path, ring: .seconds(60)), try MediaFile(path: path))
    }

    @Test(arguments: [0, 2], [FrameReader.Settings.Selection.all, .referenceFrames, .keyFrames])
    func picturesOfMemoryAreThoseOfAFile(bFrames: Int, selection: FrameReader.Settings.Selection) throws {
        let (session, file) = try session(bFrames: bFrames)
        let settings = FrameReader.Settings(step: .milliseconds(250), selection: selection, longestSide: 64)
        let ring = try #require(session.recorder.recorded.last?.ring)
        for start in [2.5, 3.9, 4.0, 5.0] {
            let interval = MediaInterval(seconds: start..<start + 2)
            let fromFile = try FrameReader(file, settings: settings)
            try fromFile.start(interval)
            let fromRing = try FrameReader(ring.snapshot(from: interval.start - .seconds(2)), settings: settings)
            try fromRing.start(interval)
            let expected = try fromFile.rest().map { Shown(time: $0.time, image: $0.image) }
            #expect(!expected.isEmpty)
            #expect(try fromRing.rest().map { Shown(time: $0.time, image: $0.image) } == expected)
        }
    }

    @Test(arguments: [0, 2])
    func picturesPulledPacketByPacketAreThoseOfAFile(bFrames: Int) throws {
        let (session, file) = try session(bFrames: bFrames)
        let settings = FrameReader.Settings(step: .milliseconds(250), longestSide: 64)
        let snapshot = try #require(session.recorder.recorded.last?.ring.snapshot())
        let puller = try FramePuller(#require(snapshot.streams.first { $0.kind == .video }), settings: settings)
        var pulled: [Shown] = []
        for packet in snapshot.packets where packet.kind == .video {
            pulled += try puller.push(packet).map { Shown(time: $0.time, image: $0.image) }
        }
        let expected = try FrameReader(file, settings: settings).rest().map { Shown(time: $0.time, image: $0.image) }
        #expect(pulled.count >= 28)
        #expect(pulled == Array(expected.prefix(pulled.count)))
    }

    @Test func soundOfMemoryIsThatOfAFile() throws {
        let (session, file) = try session(bFrames: 0)
        let snapshot = try #require(session.recorder.recorded.last?.ring.snapshot())
        let sound = try LiveSound(#require(snapshot.streams.first { $0.kind == .audio }))
        let packets = snapshot.packets.filter { $0.kind == .audio }
        var blocks: [AudioBlock] = []
        for begin in stride(from: 0, to: packets.count, by: 5) {
            blocks += try sound.push(Array(packets[begin..<min(begin + 5, packets.count)]))
        }
        blocks += sound.finish()
        let whole = try Sound(file)
        #expect(blocks.flatMap(\.samples) == whole.blocks.flatMap(\.samples))
        #expect(blocks.first?.start == whole.blocks.first?.start)
    }
}
