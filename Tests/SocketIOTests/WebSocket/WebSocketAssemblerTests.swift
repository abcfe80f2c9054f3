import NIOCore
import NIOWebSocket
import SocketIO
import Testing

@Suite
struct WebSocketAssemblerTests {
    private static let key: WebSocketMaskingKey = [1, 2, 3, 4]

    private func frame(
        _ opcode: WebSocketOpcode,
        _ bytes: [UInt8] = [],
        fin: Bool = true,
        isMasked: Bool = true,
        reserved: Bool = false
    ) -> WebSocketFrame {
        var data = ByteBuffer(bytes: bytes)
        if isMasked { data.webSocketMask(Self.key) }
        return WebSocketFrame(
            fin: fin,
            rsv1: reserved,
            opcode: opcode,
            maskKey: isMasked ? Self.key : nil,
            data: data
        )
    }

    private func take(_ frames: WebSocketFrame..., limit: Int = 10) -> [WebSocketAssembler.Event?] {
        var assembler = WebSocketAssembler(maximumSize: limit)
        return frames.map { assembler.take($0) }
    }

    @Test
    func wholeMessages() {
        #expect(
            take(frame(.text, Array("é".utf8)), frame(.binary, [0xFF])) == [
                .text("é"), .binary(ByteBuffer(bytes: [0xFF])),
            ]
        )
        #expect(take(frame(.ping, [1]), frame(.pong)) == [.ping(ByteBuffer(bytes: [1])), nil])
    }

    @Test
    func fragmentsAreJoinedAndControlFramesMayComeBetween() {
        let bytes = Array("é!".utf8)
        #expect(
            take(
                frame(.text, [bytes[0]], fin: false),
                frame(.ping),
                frame(.continuation, [bytes[1]], fin: false),
                frame(.continuation, [bytes[2]])
            ) == [nil, .ping(ByteBuffer()), nil, .text("é!")]
        )
    }

    @Test
    func messagesAreLimitedHoweverTheyAreCut() {
        #expect(take(frame(.binary, Array(repeating: 0, count: 11))) == [.violation(.messageTooLarge)])
        let six = [UInt8](repeating: 0, count: 6)
        #expect(
            take(frame(.binary, six, fin: false), frame(.continuation, six)) == [nil, .violation(.messageTooLarge)]
        )
    }

    @Test
    func brokenRulesAreProtocolErrors() {
        let wrong: WebSocketAssembler.Event = .violation(.protocolError)
        #expect(take(frame(.text, isMasked: false)) == [wrong])
        #expect(take(frame(.text, reserved: true)) == [wrong])
        #expect(take(frame(.continuation)) == [wrong])
        #expect(take(frame(.text, fin: false), frame(.text)) == [nil, wrong])
        #expect(take(frame(.ping, fin: false)) == [wrong])
        #expect(take(frame(.ping, Array(repeating: 0, count: 126)), limit: 200) == [wrong])
        #expect(take(frame(WebSocketOpcode(encodedWebSocketOpcode: 3) ?? .text)) == [wrong])
    }

    @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func textMustBeUTF8(bytes: [UInt8]) {
        #expect(take(frame(.text, bytes)) == [.violation(.dataInconsistentWithMessage)])
    }

    @Test(
        arguments: [
            ([], WebSocketAssembler.Event.close), ([0x03, 0xE8], .close), ([0x03, 0xE9, 0x61], .close),
            ([0x0F, 0xA0], .close),
            ([0x03], .violation(.protocolError)), ([0x03, 0xED], .violation(.protocolError)),
            ([0x00, 0x01], .violation(.protocolError)), ([0x03, 0xE8, 0xFF], .violation(.dataInconsistentWithMessage)),
        ] as [([UInt8], WebSocketAssembler.Event)]
    )
    func closeFramesAreChecked(bytes: [UInt8], event: WebSocketAssembler.Event) {
        #expect(take(frame(.connectionClose, bytes)) == [event])
    }

    @Test
    func anyFramesNeverCrash() {
        var random = SeededRandom(seed: 12)
        var events = 0
        for _ in 0..<2000 {
            var assembler = WebSocketAssembler(maximumSize: 64)
            for _ in 0..<20 {
                let length = Int.random(in: 0...40, using: &random)
                let bytes = (0..<length).map { _ in UInt8.random(in: 0x30...0xC4, using: &random) }
                let opcode = WebSocketOpcode(encodedWebSocketOpcode: UInt8.random(in: 0...10, using: &random)) ?? .text
                let event = assembler.take(frame(opcode, bytes, fin: Bool.random(using: &random)))
                if case .binary(let bytes) = event { #expect(bytes.readableBytes <= 64) }
                if event != nil { events += 1 }
            }
        }
        #expect(events > 1000)
    }
}
