import HypeIngest
import NIOCore
import Testing

struct AudioTagTests {
    @Test func readsTheOldForm() throws {
        let configuration = MediaUnit(.aac, .configuration, data: bytes("1190"), legacyFlags: 0xaf)
        #expect(try AudioTag.unit(in: bytes("af 00 1190")) == configuration)
        let frame = MediaUnit(.aac, .frame(MediaUnit.Frame()), data: bytes("2110"), legacyFlags: 0xaf)
        #expect(try AudioTag.unit(in: bytes("af 01 2110")) == frame)
        let mp3 = MediaUnit(.mp3, .frame(MediaUnit.Frame()), data: bytes("fffb"), legacyFlags: 0x2f)
        #expect(try AudioTag.unit(in: bytes("2f fffb")) == mp3)
    }

    @Test(arguments: [
        ("4f707573", MediaCodec.opus), ("664c6143", .flac), ("61632d33", .ac3), ("65632d33", .eac3), ("2e6d7033", .mp3),
        ("6d703461", .aac),
    ])
    func readsTheEnhancedForm(code: String, codec: MediaCodec) throws {
        #expect(
            try AudioTag.unit(in: bytes("90 \(code) 0102")) == MediaUnit(codec, .configuration, data: bytes("0102"))
        )
        let frame = MediaUnit(codec, .frame(MediaUnit.Frame()), data: bytes("fc"))
        #expect(try AudioTag.unit(in: bytes("91 \(code) fc")) == frame)
        #expect(try AudioTag.unit(in: bytes("92 \(code)"))?.content == .end)
        // A modifier in front, and track 0 behind track 1.
        #expect(try AudioTag.unit(in: bytes("97 02 000001 01 \(code) fc")) == frame)
        #expect(try AudioTag.unit(in: bytes("95 11 \(code) 01 000001 aa 00 000001 fc")) == frame)
    }

    @Test(arguments: ["", "af 01", "94 4f707573 01 02", "2f"])
    func leavesOutWhatIsNoSound(input: String) throws {
        #expect(try AudioTag.unit(in: bytes(input)) == nil)
    }

    @Test(arguments: [
        ("af", TagFault.truncated), ("af 05 00", .packetType(5)), ("b2 00", .codec("Speex")), ("30 00", .codec("PCM")),
        ("91 4f70", .truncated), ("93 4f707573", .packetType(3)), ("91 68766331 00", .codec("hvc1")),
    ])
    func saysWhatIsWrong(input: String, fault: TagFault) {
        #expect(throws: fault) { try AudioTag.unit(in: bytes(input)) }
    }

    @Test(arguments: 0..<8)
    func endsOnAnyBytes(seed: UInt64) {
        var mutation = Mutation(seed: seed)
        let sound = [
            "97 02 000001 05 11 4f707573 01 000001 aa 00 000001 fc", "96 21 61763031 01 000001 bb 68766331 00",
        ]
        var units = 0
        for round in 0..<3000 {
            let input = mutation.damage(bytes(sound[round % 2]))
            if (try? AudioTag.unit(in: input)) != nil { units += 1 }
            if (try? VideoTag.unit(in: input)) != nil { units += 1 }
        }
        #expect(units > 50)
    }
}
