import HypeIngest
import NIOCore
import Testing

struct FLVWriterTests {
    private let tracks = TrackSet(
        video: TrackSet.Track(codec: .h264, configuration: bytes("014d")),
        audio: TrackSet.Track(codec: .aac, configuration: bytes("1190"))
    )

    /// Adobe Flash Video 10.1, E.2 and E.3.
    @Test func writesTheHeader() {
        let header = FLVWriter.header(for: tracks, metadata: nil, time: 0x0102_0304)
        #expect(
            header
                == bytes(
                    """
                    464c5601 05 00000009 00000000
                    09 000007 020304 01 000000 17 00 000000 014d 00000012
                    08 000004 020304 01 000000 af 00 1190 0000000f
                    """
                )
        )
    }

    @Test(arguments: [(true, false, "01"), (false, true, "04")])
    func saysWhichTracksThereAre(video: Bool, audio: Bool, flags: String) {
        let some = TrackSet(video: video ? tracks.video : nil, audio: audio ? tracks.audio : nil)
        #expect(FLVWriter.header(for: some, metadata: nil, time: 0).getSlice(at: 4, length: 1)?.hex == flags)
    }

    @Test func passesMetadataOnButNotAFilesOwn() throws {
        let said = AMF0Value.object([
            .init("duration", .number(12)), .init("width", .number(1280)), .init("encoder", .string("x")),
        ])
        var header = FLVWriter.header(for: TrackSet(), metadata: said, time: 7000)
        header.moveReaderIndex(forwardBy: 13)
        // Metadata has no time, whatever the session's is.
        #expect(header.readSlice(length: 11)?.getSlice(at: 4, length: 7)?.hex == "00000000000000")
        header.moveWriterIndex(to: header.writerIndex - 4)
        let script = try AMF0Reader.values(in: header)
        let kept = AMF0Value.ecmaArray([.init("width", .number(1280)), .init("encoder", .string("x"))])
        #expect(script == [.string("onMetaData"), kept])
    }

    @Test func writesPackets() {
        let key = MediaPacket(
            .h264,
            time: 40,
            frame: MediaUnit.Frame(isKey: true, compositionTime: 66),
            data: bytes("aabb")
        )
        #expect(FLVWriter.bytes(of: key) == bytes("09 000007 000028 00 000000 17 01 000042 aabb 00000012"))
        let inter = MediaPacket(
            .h264,
            time: 0x1_ffff_ffff,
            frame: MediaUnit.Frame(isKey: false, compositionTime: -2),
            data: bytes("cc")
        )
        #expect(FLVWriter.bytes(of: inter) == bytes("09 000006 ffffff ff 000000 27 01 fffffe cc 00000011"))
        let sound = MediaPacket(.aac, time: 23, data: bytes("21"))
        #expect(FLVWriter.bytes(of: sound) == bytes("08 000003 000017 00 000000 af 01 21 0000000e"))
        let mp3 = MediaPacket(.mp3, time: 23, data: bytes("fffb"), legacyFlags: 0x2e)
        #expect(FLVWriter.bytes(of: mp3) == bytes("08 000003 000017 00 000000 2e fffb 0000000e"))
    }
}
