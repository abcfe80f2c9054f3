import HypeCore
import HypeIngest
import NIOCore
import Testing

struct MatroskaWriterTests {
    /// Elements with their identifiers; of unknown size means to the end.
    private func elements(_ input: ByteBuffer) throws -> [(id: String, body: ByteBuffer)] {
        var input = input
        var elements: [(String, ByteBuffer)] = []
        while let first = input.getInteger(at: input.readerIndex, as: UInt8.self) {
            let id = input.readSlice(length: first.leadingZeroBitCount + 1)
            let second = try #require(input.getInteger(at: input.readerIndex, as: UInt8.self))
            let length = second.leadingZeroBitCount + 1
            let coded = input.readBytes(length: length) ?? []
            let size = coded.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & (1 << UInt64(7 * length) - 1)
            let isUnknown = size == 1 << UInt64(7 * length) - 1
            let body = input.readSlice(length: isUnknown ? input.readableBytes : Int(size))
            elements.append((try #require(id).hex, try #require(body)))
        }
        return elements
    }

    @Test func writesTheHeader() throws {
        let tracks = TrackSet(
            video: TrackSet.Track(codec: .hevc, configuration: bytes("0101")),
            audio: TrackSet.Track(codec: .opus)
        )
        let facts = StreamFacts(
            .object([
                .init("width", .number(1280)), .init("height", .number(720)), .init("framerate", .number(50)),
            ])
        )
        let top = try elements(MatroskaWriter.header(for: tracks, facts: facts))
        // RFC 8794: EBML, then Matroska's segment of unknown size.
        #expect(top.map(\.id) == ["1a45dfa3", "18538067"])
        #expect(
            try elements(top[0].body).map { "\($0.id) \($0.body.hex)" } == [
                "4282 6d6174726f736b61", "4287 04", "4285 02",
            ]
        )
        let segment = try elements(top[1].body)
        #expect(segment.map(\.id) == ["1549a966", "1654ae6b"])
        #expect(try elements(segment[0].body).first?.body.hex == "0f4240")
        let entries = try elements(segment[1].body).map { try elements($0.body) }
        #expect(entries.count == 2)
        let video = Dictionary(uniqueKeysWithValues: entries[0].map { ($0.id, $0.body) })
        #expect(video["86"].map { String(buffer: $0) } == "V_MPEGH/ISO/HEVC")
        #expect(video["63a2"]?.hex == "0101")
        #expect(video["23e383"]?.hex == "01312d00")
        #expect(try video["e0"].map { try elements($0).map(\.body.hex) } == ["0500", "02d0"])
        let audio = Dictionary(uniqueKeysWithValues: entries[1].map { ($0.id, $0.body) })
        #expect(audio["86"].map { String(buffer: $0) } == "A_OPUS")
        #expect(audio["63a2"]?.hex == "4f707573486561640102380180bb0000000000")
        #expect(try audio["e1"].map { try elements($0).map(\.body.hex) } == ["40e7700000000000", "02"])
    }

    @Test func writesAClusterForEachPacket() {
        let key = MediaPacket(
            .hevc,
            time: 1000,
            frame: MediaUnit.Frame(isKey: true, compositionTime: 66),
            data: bytes("aabb")
        )
        #expect(MatroskaWriter.bytes(of: key) == bytes("1f43b675 8c e7 82 042a a3 86 81 0000 80 aabb"))
        let sound = MediaPacket(.opus, time: 0, data: bytes("fc"))
        #expect(MatroskaWriter.bytes(of: sound) == bytes("1f43b675 8a e7 81 00 a3 85 82 0000 80 fc"))
        let early = MediaPacket(
            .hevc,
            time: 5,
            frame: MediaUnit.Frame(isKey: false, compositionTime: -9),
            data: bytes("aa")
        )
        #expect(MatroskaWriter.bytes(of: early) == bytes("1f43b675 8a e7 81 00 a3 85 81 0000 00 aa"))
    }

    @Test(arguments: [0, 1, 118, 119, 120, 16_370, 16_376, 2_097_140, 2_097_150])
    func sizesFit(count: Int) throws {
        let packet = MediaPacket(.av1, time: 1 << 33, data: .pattern(count))
        let clusters = try elements(MatroskaWriter.bytes(of: packet))
        #expect(clusters.count == 1)
        let inner = try elements(clusters[0].body)
        #expect(inner.map(\.id) == ["e7", "a3"])
        #expect(inner[0].body.hex == "0200000000")
        #expect(inner[1].body.getSlice(at: inner[1].body.readerIndex + 4, length: count) == .pattern(count))
    }

    @Test(arguments: 0..<4)
    func takesAnyNumbers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<400 {
            let codec = MediaCodec.allCases[random.index(below: MediaCodec.allCases.count)]
            let number = Double(bitPattern: random.next())
            let facts = StreamFacts(
                .object([
                    .init("width", .number(number)), .init("height", .number(number)),
                    .init("framerate", .number(number)), .init("audiosamplerate", .number(number)),
                ])
            )
            let configuration = Mutation.random(&random, upTo: 40)
            var tracks = TrackSet()
            tracks[isVideo: codec.isVideo] = TrackSet.Track(codec: codec, configuration: configuration)
            let writer = ContainerWriter(for: tracks)
            let header = writer.header(for: tracks, facts: facts, metadata: nil, time: Int64(number.exponent))
            #expect(header.readableBytes < 600)
            let frame = MediaUnit.Frame(isKey: true, compositionTime: Int32(truncatingIfNeeded: random.next()))
            let time = Int64(bitPattern: random.next() >> 20)
            let packet = MediaPacket(codec, time: time, frame: frame, data: configuration)
            #expect(writer.bytes(of: packet).readableBytes <= configuration.readableBytes + 32)
        }
    }
}
