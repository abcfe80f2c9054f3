import Foundation
import NIOCore

/// A WebSocket spoken by hand over a connection: short text messages, one frame each.
struct SpokenSocket {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var rest = ByteBuffer()

    /// Wraps a connection on which nothing was said yet.
    init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Asks for the change to WebSocket.
    mutating func open(port: Int) async throws {
        let request = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: Upgrade",
            "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "", "",
        ]
        try await outbound.write(ByteBuffer(string: request.joined(separator: "\r\n")))
        while true {
            let text = String(buffer: rest)
            if let end = text.range(of: "\r\n\r\n") {
                guard text.hasPrefix("HTTP/1.1 101") else { throw TestFailure(text) }
                rest.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
                return
            }
            try await more()
        }
    }

    /// Sends a message of at most 125 bytes, masked as clients must.
    func say(_ message: String) async throws {
        let mask: [UInt8] = [1, 2, 3, 4]
        let bytes = message.utf8.enumerated().map { $1 ^ mask[$0 % 4] }
        try await outbound.write(ByteBuffer(bytes: [0x81, 0x80 | UInt8(bytes.count)] + mask + bytes))
    }

    /// Waits for a message.
    mutating func text() async throws -> String {
        while true {
            if let message = frame() { return message }
            try await more()
        }
    }

    private mutating func frame() -> String? {
        var bytes = rest
        guard let (kind, short) = bytes.readMultipleIntegers(as: (UInt8, UInt8).self), kind == 0x81 else { return nil }
        guard let length = short < 126 ? Int(short) : bytes.readInteger(as: UInt16.self).map(Int.init),
            let text = bytes.readString(length: length)
        else { return nil }
        rest = bytes
        return text
    }

    private mutating func more() async throws {
        guard var piece = try await inbound.next(isolation: #isolation) else { throw TestFailure("the server hung up") }
        rest.writeBuffer(&piece)
    }
}
