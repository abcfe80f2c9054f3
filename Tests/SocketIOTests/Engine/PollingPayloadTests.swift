import NIOCore
import SocketIO
import Testing

@Suite
struct PollingPayloadTests {
    private func parse(_ text: String) -> [EnginePacket]? { PollingPayload.parse(ByteBuffer(string: text)) }

    @Test
    func packetsAreSeparatedByTheRecordSeparator() {
        #expect(parse("4hello") == [.text("hello")])
        #expect(
            parse("4a\u{1E}2probe\u{1E}3\u{1E}5\u{1E}6\u{1E}1\u{1E}4")
                == [.text("a"), .ping("probe"), .pong(""), .upgrade, .noop, .close, .text("")]
        )
        #expect(parse("4hello\u{1E}bAQIDBA==") == [.text("hello"), .binary(ByteBuffer(bytes: [1, 2, 3, 4]))])
        #expect(parse("b") == [.binary(ByteBuffer())])
    }

    @Test(arguments: ["", "abc", "7", "4a\u{1E}", "\u{1E}4a", "bAQI*", "4a\u{1E}x", "é"])
    func refuses(text: String) {
        #expect(parse(text) == nil)
    }

    @Test
    func whatIsNotUTF8IsRefused() {
        #expect(PollingPayload.parse(ByteBuffer(bytes: [0x34, 0xFF])) == nil)
        #expect(PollingPayload.parse(ByteBuffer(bytes: [0x34, 0xC3])) == nil)
    }

    @Test
    func joinsMessagesAndTheirAttachments() {
        let messages = [
            WireMessage(text: "4a"),
            WireMessage(text: ByteBuffer(string: "451-[\"b\"]"), attachments: [ByteBuffer(bytes: [1, 2, 3, 4])]),
            WireMessage(text: nil, attachments: [ByteBuffer()]),
        ]
        #expect(String(buffer: PollingPayload.encode(messages)) == "4a\u{1E}451-[\"b\"]\u{1E}bAQIDBA==\u{1E}b")
    }

    @Test
    func damagedPayloadsNeverCrash() {
        let whole = Array("4hello\u{1E}bAQIDBA==\u{1E}2probe\u{1E}42[\"é\",{\"a\":1}]".utf8)
        var random = SeededRandom(seed: 77)
        var refused = 0
        for _ in 0..<20_000 where PollingPayload.parse(ByteBuffer(bytes: random.damage(whole))) == nil { refused += 1 }
        #expect((1000..<20_000).contains(refused))
    }
}
