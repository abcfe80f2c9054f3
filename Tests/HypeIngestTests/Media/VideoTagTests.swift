import HypeIngest
import NIOCore
import Testing

struct VideoTagTests {
    private func frame(_ codec: MediaCodec, isKey: Bool, time: Int32 = 0, _ data: String) -> MediaUnit {
        MediaUnit(codec, .frame(MediaUnit.Frame(isKey: isKey, compositionTime: time)), data: bytes(data))
    }

    @Test func readsTheOldForm() throws {
        #expect(
            try VideoTag.unit(in: bytes("17 00 000000 0164")) == MediaUnit(.h264, .configuration, data: bytes("0164"))
        )
        #expect(try VideoTag.unit(in: bytes("17 01 000042 aabb")) == frame(.h264, isKey: true, time: 66, "aabb"))
        #expect(try VideoTag.unit(in: bytes("27 01 ffffff cc")) == frame(.h264, isKey: false, time: -1, "cc"))
        #expect(try VideoTag.unit(in: bytes("17 02 000000"))?.content == .end)
    }

    /// Enhanced RTMP v2, “ExVideoTagHeader”: the first byte is 1, three bits of frame type, four of packet type.
    @Test(arguments: [("68766331", MediaCodec.hevc), ("61766331", .h264)])
    func readsEnhancedFramesWithCompositionTime(code: String, codec: MediaCodec) throws {
        #expect(try VideoTag.unit(in: bytes("90 \(code) 01")) == MediaUnit(codec, .configuration, data: bytes("01")))
        #expect(try VideoTag.unit(in: bytes("91 \(code) 000010 aa")) == frame(codec, isKey: true, time: 16, "aa"))
        #expect(try VideoTag.unit(in: bytes("a3 \(code) aa")) == frame(codec, isKey: false, "aa"))
        #expect(try VideoTag.unit(in: bytes("92 \(code)"))?.content == .end)
    }

    @Test(arguments: [("61763031", MediaCodec.av1), ("76703039", .vp9), ("76703038", .vp8)])
    func readsEnhancedFramesWithout(code: String, codec: MediaCodec) throws {
        #expect(try VideoTag.unit(in: bytes("91 \(code) 1200")) == frame(codec, isKey: true, "1200"))
    }

    @Test func skipsModifiers() throws {
        // Nanoseconds (3 bytes), then a modifier of 256 bytes in the long form.
        #expect(try VideoTag.unit(in: bytes("97 02 00c350 01 68766331 000000 aa")) == frame(.hevc, isKey: true, "aa"))
        let long = ByteBuffer.joined([bytes("97 ff 00ff"), .pattern(256), bytes("01 68766331 000000 aa")])
        #expect(try VideoTag.unit(in: long) == frame(.hevc, isKey: true, "aa"))
    }

    @Test func takesTrackZeroOfSeveral() throws {
        #expect(try VideoTag.unit(in: bytes("96 01 68766331 00 000000 aa")) == frame(.hevc, isKey: true, "aa"))
        let many = "96 11 68766331 01 000004 000000bb 00 000004 000000aa"
        #expect(try VideoTag.unit(in: bytes(many)) == frame(.hevc, isKey: true, "aa"))
        let codecs = "96 21 61763031 01 000001 bb 68766331 00 000004 000000aa"
        #expect(try VideoTag.unit(in: bytes(codecs)) == frame(.hevc, isKey: true, "aa"))
        #expect(throws: TagFault.packetType(0)) { try VideoTag.unit(in: bytes("96 01 68766331 01 000000 aa")) }
    }

    @Test(arguments: ["", "57 00", "94 0a", "d1 00", "17 01 000000"])
    func leavesOutWhatIsNoPicture(input: String) throws {
        #expect(try VideoTag.unit(in: bytes(input)) == nil)
    }

    @Test(arguments: [
        ("17", TagFault.truncated), ("17 01 00", .truncated), ("91 6876", .truncated), ("91 68766331 00", .truncated),
        ("97 05 00", .truncated), ("22 00", .codec("Sorenson H.263")), ("1c 00", .codec("HEVC in an unofficial form")),
        ("91 76766331 00", .codec("vvc1")), ("91 00000001 00", .codec("1")), ("91 4f707573 00", .codec("Opus")),
        ("17 07 000000 00", .packetType(7)), ("99 68766331 00", .packetType(9)),
    ])
    func saysWhatIsWrong(input: String, fault: TagFault) {
        #expect(throws: fault) { try VideoTag.unit(in: bytes(input)) }
    }
}
