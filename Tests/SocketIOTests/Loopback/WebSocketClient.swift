import NIOCore
import NIOWebSocket

/// A WebSocket client on a ``RawClient``, which can also break the rules.
final class WebSocketClient {
    /// What comes from a server.
    enum Message: Equatable {
        case text(String)
        case binary([UInt8])
        case ping
        case pong([UInt8])
        case close(Int)
        case closed
    }

    let raw: RawClient

    init(_ raw: RawClient) { self.raw = raw }

    static let upgradeHeaders = [
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    /// Opens a WebSocket.
    static func open(port: Int, _ target: String, readsNothing: Bool = false) async throws -> WebSocketClient {
        let raw = try await RawClient.connect(port: port, readsNothing: readsNothing)
        try await raw.request("GET", target, headers: upgradeHeaders)
        if !readsNothing {
            let response = try await raw.response()
            guard response.status == 101 else { throw RawClient.Fault.notHTTP("\(response)") }
        }
        return WebSocketClient(raw)
    }

    /// Opens a session over a WebSocket and joins a namespace; the CONNECT answer is taken.
    static func join(port: Int, _ packet: String = "40", query: String = "") async throws -> WebSocketClient {
        let client = try await open(port: port, "/socket.io/?EIO=4&transport=websocket" + query)
        _ = try await client.next()
        try await client.send(packet)
        _ = try await client.next()
        return client
    }

    func send(_ text: String) async throws { try await send(.text, Array(text.utf8)) }

    func send(
        _ opcode: WebSocketOpcode,
        _ bytes: [UInt8],
        fin: Bool = true,
        isMasked: Bool = true
    ) async throws {
        var frame = ByteBuffer()
        frame.writeInteger((fin ? 0x80 : 0) | UInt8(webSocketOpcode: opcode))
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch bytes.count {
        case 0...125: frame.writeInteger(mask | UInt8(bytes.count))
        case 126...65_535: frame.writeMultipleIntegers(mask | 126, UInt16(bytes.count))
        default: frame.writeMultipleIntegers(mask | 127, UInt64(bytes.count))
        }
        if isMasked {
            let key: [UInt8] = [7, 1, 9, 4]
            frame.writeBytes(key)
            frame.writeBytes(bytes.enumerated().map { $1 ^ key[$0 % 4] })
        } else {
            frame.writeBytes(bytes)
        }
        try await raw.send(frame)
    }

    /// Waits for the next frame.
    func next() async throws -> Message {
        while true {
            if let message = parse() { return message }
            guard await raw.more() else { return .closed }
        }
    }

    /// Waits for the next text that is no ping.
    func text() async throws -> String {
        while true {
            switch try await next() {
            case .text("2"): try await send("3")
            case .text(let text): return text
            case .closed: throw RawClient.Fault.closed
            default: break
            }
        }
    }

    private func parse() -> Message? {
        var bytes = raw.buffer
        guard let first = bytes.readInteger(as: UInt8.self), let second = bytes.readInteger(as: UInt8.self) else {
            return nil
        }
        var length = Int(second)
        if second == 126 {
            guard let long = bytes.readInteger(as: UInt16.self) else { return nil }
            length = Int(long)
        } else if second == 127 {
            guard let long = bytes.readInteger(as: UInt64.self) else { return nil }
            length = Int(long)
        }
        guard let payload = bytes.readBytes(length: length) else { return nil }
        raw.buffer = bytes
        switch first & 0x0F {
        case 1: return .text(String(decoding: payload, as: UTF8.self))
        case 2: return .binary(payload)
        case 8: return .close(payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1]))
        case 9: return .ping
        default: return .pong(payload)
        }
    }
}
