import HypeIngest
import NIOCore
import Testing

struct AMF0Tests {
    /// Forms of the AMF0 specification, section 2.
    @Test(arguments: [
        (AMF0Value.number(1), "00 3ff0000000000000"), (.boolean(true), "01 01"), (.string("live"), "02 0004 6c697665"),
        (.object([.init("app", .string("x"))]), "03 0003 617070 02 0001 78 0000 09"), (.null, "05"), (.undefined, "06"),
        (.ecmaArray([.init("w", .number(2))]), "08 00000001 0001 77 00 4000000000000000 0000 09"),
        (.array([.null, .boolean(false)]), "0a 00000002 05 01 00"),
        (.date(1000), "0b 408f400000000000 0000"),
    ])
    func writesAndReadsEachType(value: AMF0Value, hex: String) throws {
        var output = ByteBuffer()
        output.writeAMF0(value)
        #expect(output == bytes(hex))
        #expect(try AMF0Reader.values(in: bytes(hex)) == [value])
    }

    @Test func readsTypesThatAreNeverWritten() throws {
        let input = bytes("0c 00000002 6869 10 0001 43 0001 61 05 0000 09 0d 0f 00000001 78")
        #expect(
            try AMF0Reader.values(in: input) == [.string("hi"), .object([.init("a", .null)]), .undefined, .string("x")]
        )
    }

    @Test func writesLongText() throws {
        let text = String(repeating: "ä", count: 40_000)
        var output = ByteBuffer()
        output.writeAMF0(.string(text))
        #expect(try AMF0Reader.values(in: output) == [.string(text)])
    }

    @Test func takesMetadataWithoutItsEndMark() throws {
        #expect(try AMF0Reader.values(in: bytes("08 00000001 0001 61 05 0000")) == [.ecmaArray([.init("a", .null)])])
    }

    @Test(arguments: [
        (bytes("00 3ff0"), AMF0Fault.truncated), (bytes("02 0005 61"), .truncated), (bytes("03 0001 61"), .truncated),
        (bytes("0a 7fffffff 05"), .truncated), (bytes("11 0a"), .marker(0x11)), (bytes("07 0000"), .marker(7)),
        (.joined((0..<12).map { _ in bytes("0a 00000001") } + [bytes("05")]), .depth(limit: 8)),
        (.joined((0..<3000).map { _ in bytes("05") }), .count(limit: 2048)),
    ])
    func refusesWhatIsBrokenOrTooMuch(input: ByteBuffer, fault: AMF0Fault) {
        #expect(throws: fault) { try AMF0Reader.values(in: input) }
    }

    @Test(arguments: 0..<8)
    func endsOnAnyBytes(seed: UInt64) throws {
        var mutation = Mutation(seed: seed)
        var sound = ByteBuffer()
        sound.writeAMF0(
            .string("connect"),
            .number(1),
            .object([.init("app", .string("live")), .init("list", .array([.null]))]),
            .ecmaArray([.init("width", .number(1280)), .init("inner", .object([.init("a", .boolean(true))]))])
        )
        var read = 0
        for _ in 0..<1500 {
            guard let values = try? AMF0Reader.values(in: mutation.damage(sound)) else { continue }
            read += 1
            // What was read can be written and read again.
            var output = ByteBuffer()
            for value in values { output.writeAMF0(value) }
            #expect(throws: Never.self) { try AMF0Reader.values(in: output) }
        }
        #expect(read > 100)
    }
}
