import Foundation
import HypeCore
import HypeMedia
import Testing

struct SpoolTests {
    private func session(_ seconds: Int = 12, limit: Int64 = 1 << 30) throws -> (spool: Spool, packets: [Packet]) {
        let folder = TestMedia.scratch("spool")
        let spool = try Spool(Spool.Settings(folder: folder, bytes: limit))
        let recorder = LiveRecorder(limits: ReplayRing.Limits(span: .seconds(2)))
        let tap = SpoolWriter.tap(on: recorder)
        let packets = Synthetic.stream(seconds: seconds)
        let input = ScriptedInput([try Synthetic.named(.video), try Synthetic.named(.audio)], packets)
        try recorder.run(opening: { _, _ in input }, interrupt: MediaInterrupt())
        let stop = MediaInterrupt()
        stop.cancel()
        SpoolWriter(spool, tap: tap).run(until: stop)
        return (spool, packets)
    }

    @Test func givesBackTheVeryPackets() throws {
        let (spool, packets) = try session()
        #expect(spool.index.parts.count == 6)
        #expect(spool.index.parts.allSatisfy { $0.firstKey == $0.start })
        let reopened = try Spool(spool.settings)
        #expect(reopened.index.parts == spool.index.parts)
        let tail = try #require(reopened.tail(span: .seconds(60), limit: 1 << 30))
        #expect(tail.snapshot.packets.map(Identity.init) == packets.map(Identity.init))
        #expect(tail.snapshot.streams.map(\.codec) == ["h264", "aac"])
    }

    @Test func staysBelowItsBytes() throws {
        let (spool, _) = try session(40, limit: 60_000)
        #expect(spool.status.bytes <= 60_000)
        let names = try FileManager.default.contentsOfDirectory(atPath: spool.settings.folder)
        let sizes = try names.map { name in
            try FileManager.default.attributesOfItem(atPath: spool.settings.folder + "/" + name)[.size] as? Int ?? 0
        }
        #expect(sizes.reduce(0, +) <= 60_000)
        #expect(names.count == spool.index.parts.count)
        #expect(try #require(spool.status.start) > MediaTime(seconds: 20))
    }

    @Test func aPartCutOffAnywhereGivesAllItsWholePackets() throws {
        let (spool, packets) = try session(2)
        let path = spool.settings.folder + "/0000000001.packets"
        let bytes = try Data(contentsOf: URL(filePath: path))
        var most = 0
        for length in Array(stride(from: 0, to: bytes.count, by: 97)) + [bytes.count] {
            let folder = TestMedia.scratch("cut")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try bytes.prefix(length).write(to: URL(filePath: folder + "/0000000001.packets"))
            let cut = try Spool(Spool.Settings(folder: folder))
            let read = cut.tail(span: .seconds(60), limit: 1 << 30)?.snapshot.packets ?? []
            #expect(read.map(Identity.init) == packets.prefix(read.count).map(Identity.init))
            #expect(read.count >= most)
            most = max(most, read.count)
            // The next part can be written whatever was left behind.
            #expect(cut.index.nextNumber == cut.index.parts.count + 1)
        }
        #expect(most == packets.count)
    }

    @Test func damageCostsNoMoreThanItHits() throws {
        let (spool, packets) = try session(2)
        let path = spool.settings.folder + "/0000000001.packets"
        let original = try Data(contentsOf: URL(filePath: path))
        let known = Set(packets.map(Identity.init))
        var random = SplitMix64(seed: 5)
        var survived = 0
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                case 1: bytes.removeSubrange(Self.range(in: bytes, using: &random))
                default:
                    bytes.insert(contentsOf: original[Self.range(in: original, using: &random)], at: bytes.count / 2)
                }
            }
            let folder = TestMedia.scratch("fuzz")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try bytes.write(to: URL(filePath: folder + "/0000000001.packets"))
            let damaged = try Spool(Spool.Settings(folder: folder))
            let read = damaged.tail(span: .seconds(60), limit: 1 << 30)?.snapshot.packets ?? []
            #expect(read.allSatisfy { known.contains(Identity($0)) }, "a packet that never was")
            survived += read.count
            try FileManager.default.removeItem(atPath: folder)
        }
        #expect(survived > packets.count * 200)
    }

    private static func range(in bytes: Data, using random: inout SplitMix64) -> Range<Int> {
        let start = Int.random(in: 0..<bytes.count, using: &random)
        return start..<min(bytes.count, start + Int.random(in: 1...200, using: &random))
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        #expect(throws: MediaError.self) { try Spool(Spool.Settings(folder: "/proc/nowhere")) }
    }
}
