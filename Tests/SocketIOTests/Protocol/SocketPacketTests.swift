import NIOCore
import SocketIO
import Testing

@Suite
struct SocketPacketTests {
    private func decode(_ text: String) throws(SocketPacketFault) -> SocketPacket? {
        var decoder = SocketPacketDecoder(maximumAttachments: 3)
        return try decoder.take(.text(text))
    }

    @Test(
        arguments: [
            ("0", SocketPacket(.connect(nil))),
            ("0/admin,{\"t\":1}", SocketPacket(.connect(["t": 1]), namespace: "/admin")),
            ("0/admin", SocketPacket(.connect(nil), namespace: "/admin")),
            ("0/admin?a=b,", SocketPacket(.connect(nil), namespace: "/admin")), ("1", SocketPacket(.disconnect)),
            ("1/admin,", SocketPacket(.disconnect, namespace: "/admin")), ("2[\"a\"]", SocketPacket(.event("a", []))),
            ("2[7,8]", SocketPacket(.event("7", [8]))),
            ("212[\"a\",1]", SocketPacket(.event("a", [1]), ackID: 12)),
            ("2/n,0[\"a\"]", SocketPacket(.event("a", []), namespace: "/n", ackID: 0)),
            ("313[]", SocketPacket(.ack([]), ackID: 13)), ("50-[\"a\"]", SocketPacket(.event("a", []))),
        ]
    )
    func reads(text: String, packet: SocketPacket) throws {
        #expect(try decode(text) == packet)
    }

    @Test(
        arguments: [
            ("", SocketPacketFault.unknownType), ("abc", .unknownType), ("7", .unknownType),
            ("5[\"a\"]", .attachmentCount),
            ("5-[\"a\"]", .attachmentCount), ("54-[\"a\"]", .attachmentCount), ("511[\"a\"]", .attachmentCount),
            ("2", .payload), ("2{}", .payload), ("2[]", .payload), ("2[null]", .payload), ("2[{}]", .payload),
            ("0[]", .payload), ("0\"x\"", .payload), ("1{}", .payload), ("3[]", .ackID), ("31{}", .payload),
            ("4{}", .payload),
            ("299999999999999999[\"a\"]", .ackID), ("2[\"disconnect\"]", .reservedEvent),
            ("2[\"connect_error\",1]", .reservedEvent),
            ("2abc[\"a\"]", .json(.unexpectedByte(UInt8(ascii: "a"), offset: 0))),
            ("2[\"a\"", .json(.unexpectedEnd)),
        ]
    )
    func refuses(text: String, fault: SocketPacketFault) {
        #expect(throws: fault) { try decode(text) }
    }

    @Test
    func waitsForItsAttachments() throws {
        var decoder = SocketPacketDecoder(maximumAttachments: 3)
        let text = #"52-/n,7["a",{"_placeholder":true,"num":1},{"deep":[{"_placeholder":true,"num":0}]}]"#
        #expect(try decoder.take(.text(text)) == nil)
        #expect(try decoder.take(.binary(ByteBuffer(bytes: [1]))) == nil)
        let packet = try decoder.take(.binary(ByteBuffer(bytes: [2])))
        let arguments: [SocketIOValue] = [
            .binary(ByteBuffer(bytes: [2])), ["deep": [.binary(ByteBuffer(bytes: [1]))]],
        ]
        #expect(packet == SocketPacket(.event("a", arguments), namespace: "/n", ackID: 7))
        #expect(try decoder.take(.text("2[\"b\"]")) == SocketPacket(.event("b", [])))
    }

    @Test
    func attachmentsMustFit() throws {
        var decoder = SocketPacketDecoder(maximumAttachments: 3)
        #expect(throws: SocketPacketFault.strayAttachment) { try decoder.take(.binary(ByteBuffer())) }
        _ = try decoder.take(.text(#"51-["a",{"_placeholder":true,"num":1}]"#))
        #expect(throws: SocketPacketFault.missingAttachment) { try decoder.take(.text("2[\"a\"]")) }
        #expect(throws: SocketPacketFault.placeholder) { try decoder.take(.binary(ByteBuffer())) }
    }

    @Test(
        arguments: [
            (SocketPacket(.connect(["sid": "x"])), "40{\"sid\":\"x\"}"),
            (SocketPacket(.connect(["sid": "x"]), namespace: "/n"), "40/n,{\"sid\":\"x\"}"),
            (SocketPacket(.disconnect, namespace: "/n"), "41/n,"),
            (SocketPacket(.event("a", [1, "2"])), "42[\"a\",1,\"2\"]"),
            (SocketPacket(.event("a", []), namespace: "/n", ackID: 5), "42/n,5[\"a\"]"),
            (SocketPacket(.ack([nil]), ackID: 5), "435[null]"),
            (SocketPacket(.connectError(["message": "no"]), namespace: "/n"), "44/n,{\"message\":\"no\"}"),
        ]
    )
    func writes(packet: SocketPacket, text: String) {
        #expect(SocketPacketEncoder.encode(packet) == WireMessage(text: text))
    }

    @Test
    func bytesBecomeAttachments() {
        let first = ByteBuffer(bytes: [1, 2])
        let second = ByteBuffer(bytes: [3])
        let packet = SocketPacket(.ack([.binary(first), ["x": .binary(second)]]), ackID: 5)
        let text = #"462-5[{"_placeholder":true,"num":0},{"x":{"_placeholder":true,"num":1}}]"#
        let message = SocketPacketEncoder.encode(packet)
        #expect(message.parts == [.text(ByteBuffer(string: text)), .binary(first), .binary(second)])
        #expect(message.frames.readableBytes == 2 + text.utf8.count + 2 + 2 + 2 + 1)
    }

    @Test
    func whatIsWrittenIsRead() throws {
        let packet = SocketPacket(
            .event("é\"", [.binary(ByteBuffer(bytes: [1])), ["k": [1.5, nil, .binary(ByteBuffer())]]]),
            namespace: "/n",
            ackID: 3
        )
        var decoder = SocketPacketDecoder(maximumAttachments: 10)
        var read: SocketPacket?
        for part in SocketPacketEncoder.encode(packet).parts {
            switch part {
            case .text(let text): read = try decoder.take(.text(String(String(buffer: text).dropFirst())))
            case .binary(let bytes): read = try decoder.take(.binary(bytes))
            }
        }
        #expect(read == packet)
    }

    @Test
    func damagedPacketsNeverCrash() {
        let whole = Array(
            #"52-/admin,17["event",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}],"é"]"#.utf8
        )
        var random = SeededRandom(seed: 99)
        var outcomes = Set<String>()
        for _ in 0..<20_000 {
            var decoder = SocketPacketDecoder(maximumAttachments: 10)
            do {
                var packet = try decoder.take(.text(String(decoding: random.damage(whole), as: UTF8.self)))
                for _ in 0..<12 where packet == nil { packet = try decoder.take(.binary(ByteBuffer(bytes: [1]))) }
                outcomes.insert("read")
            } catch {
                outcomes.insert("\(error)".prefix { $0 != "(" }.description)
            }
        }
        #expect(outcomes.isSuperset(of: ["read", "unknownType", "attachmentCount", "json", "placeholder"]))
    }
}
