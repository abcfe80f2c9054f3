import HypeIngest
import NIOCore
import Testing

struct ChunkReaderTests {
    private func messages(
        _ input: ByteBuffer,
        limits: ChunkReader.Limits = ChunkReader.Limits()
    ) throws -> [RTMPMessage] {
        var reader = ChunkReader(limits: limits)
        reader.append(input)
        var messages: [RTMPMessage] = []
        while let message = try reader.next() { messages.append(message) }
        return messages
    }

    /// RTMP specification 1.0, section 5.3.2.1: four audio messages of 32 bytes on message stream 12345.
    @Test func readsTheSpecificationsFirstExample() throws {
        let body = ByteBuffer.pattern(32)
        let input = ByteBuffer.joined([
            bytes("03 0003e8 000020 08 39300000"), body, bytes("83 000014"), body, bytes("c3"), body, bytes("c3"), body,
        ])
        let expected = [1000, 1020, 1040, 1060].map {
            RTMPMessage(type: 8, streamID: 12345, timestamp: $0, payload: body)
        }
        #expect(try messages(input) == expected)
    }

    /// RTMP specification 1.0, section 5.3.2.2: a video message of 307 bytes in three chunks.
    @Test func readsTheSpecificationsSecondExample() throws {
        var body = ByteBuffer.pattern(307)
        let whole = body
        let parts = [128, 128, 51].compactMap { body.readSlice(length: $0) }
        let input = ByteBuffer.joined([
            bytes("04 0003e8 000133 09 3a300000"), parts[0], bytes("c4"), parts[1], bytes("c4"), parts[2],
        ])
        #expect(try messages(input) == [RTMPMessage(type: 9, streamID: 12346, timestamp: 1000, payload: whole)])
    }

    @Test func repeatsThePredecessorsTimeAfterAFullHeader() throws {
        // Section 5.3.1.2.4: the delta is then the time of the full header.
        let input = bytes("03 000064 000001 08 01000000 aa c3 bb")
        #expect(try messages(input).map(\.timestamp) == [100, 200])
    }

    @Test func readsChangedLengthAndTypeOfTheSameStream() throws {
        let input = bytes("05 000010 000001 08 01000000 aa 45 000005 000002 09 bbcc")
        let expected = [
            RTMPMessage(type: 8, streamID: 1, timestamp: 16, payload: bytes("aa")),
            RTMPMessage(type: 9, streamID: 1, timestamp: 21, payload: bytes("bbcc")),
        ]
        #expect(try messages(input) == expected)
    }

    @Test(arguments: [("00 06", "chunk stream 70"), ("01 0601", "chunk stream 326"), ("3f", "chunk stream 63")])
    func readsLongChunkStreamNumbers(number: String, name: String) throws {
        let rest = " 000001 000001 08 01000000 aa"
        #expect(try messages(bytes(number + rest)).map(\.timestamp) == [1], "\(name)")
    }

    @Test func takesMessagesApartThatAreInterleaved() throws {
        let (video, audio) = (ByteBuffer.pattern(200), bytes("0102"))
        let first = try #require(video.getSlice(at: 0, length: 128))
        let second = try #require(video.getSlice(at: 128, length: 72))
        let input = ByteBuffer.joined([
            bytes("06 000000 0000c8 09 01000000"), first, bytes("04 000007 000002 08 01000000"), audio, bytes("c6"),
            second,
        ])
        #expect(try messages(input).map(\.payload) == [audio, video])
    }

    @Test(arguments: [true, false])
    func readsExtendedTimesWithOrWithoutThemInContinuations(isRepeated: Bool) throws {
        let body = ByteBuffer.pattern(200)
        let first = try #require(body.getSlice(at: 0, length: 128))
        let second = try #require(body.getSlice(at: 128, length: 72))
        let input = ByteBuffer.joined([
            bytes("06 ffffff 0000c8 09 01000000 01000000"), first, bytes(isRepeated ? "c6 01000000" : "c6"), second,
        ])
        #expect(try messages(input) == [RTMPMessage(type: 9, streamID: 1, timestamp: 0x100_0000, payload: body)])
    }

    @Test func changesTheChunkSize() throws {
        let body = ByteBuffer.pattern(300)
        let input = ByteBuffer.joined([
            bytes("02 000000 000004 01 00000000 00001000"), bytes("04 000000 00012c 09 01000000"), body,
        ])
        #expect(try messages(input).map(\.payload) == [body])
    }

    @Test func dropsAnAbortedMessage() throws {
        let input = ByteBuffer.joined([
            bytes("04 000000 0000c8 09 01000000"), .pattern(128), bytes("02 000000 000004 02 00000000 00000004"),
            bytes("04 000001 000001 09 01000000 ee"),
        ])
        #expect(try messages(input) == [RTMPMessage(type: 9, streamID: 1, timestamp: 1, payload: bytes("ee"))])
    }

    @Test func handsOutEmptyMessages() throws {
        #expect(try messages(bytes("04 000000 000000 08 01000000")).map(\.payload.readableBytes) == [0])
    }

    @Test func wrapsTimes() throws {
        let input = bytes("04 ffffff 000001 08 01000000 fffffff0 aa 84 000020 bb")
        #expect(try messages(input).map(\.timestamp) == [0xffff_fff0, 0x10])
    }

    @Test(arguments: [
        (bytes("43 000001 000001 08 aa"), RTMPFault.headerMissing(chunkStream: 3)),
        (bytes("04 000000 000800 09 01000000"), .messageSize(2048, limit: 1024)),
        (bytes("02 000000 000004 01 00000000 00000000"), .chunkSize(0)),
        (bytes("02 000000 000004 01 00000000 80000001"), .chunkSize(0x8000_0001)),
        (bytes("02 000000 000002 01 00000000 0001"), .controlMessage(type: 1)),
        (.joined((4..<8).map { bytes("0\($0) 000000 000001 08 01000000 aa") }), .chunkStreams(limit: 3)),
        (
            .joined((4..<7).map { .joined([bytes("0\($0) 000000 000400 08 01000000"), .pattern(128)]) }),
            .unfinishedBytes(limit: 300)
        ),
    ])
    func refusesWhatIsBrokenOrTooMuch(input: ByteBuffer, fault: RTMPFault) {
        let limits = ChunkReader.Limits(messageBytes: 1024, unfinishedBytes: 300, chunkStreams: 3)
        #expect(throws: fault) { try messages(input, limits: limits) }
    }

    @Test(arguments: [0x1000, 0x2_0001, 7])
    func readsWhatTheWriterWrites(chunkSize: UInt32) throws {
        var writer = ChunkWriter()
        var output = ByteBuffer()
        writer.write(ControlMessage.setChunkSize(chunkSize).message, on: 2, to: &output)
        let sent = [0, 1, 127, 128, 129, 70_000].map { size in
            RTMPMessage(type: 9, streamID: 1, timestamp: UInt32(size) &* 70_000, payload: .pattern(size))
        }
        for message in sent { writer.write(message, on: 6, to: &output) }
        #expect(try messages(output) == sent)
    }
}
