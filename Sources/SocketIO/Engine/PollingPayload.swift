package import NIOCore

/// The body of a polling request or answer: packets joined by the record separator, binary ones as `b` and base64.
package enum PollingPayload {
    private static let separator: UInt8 = 0x1E

    /// Parses a body.
    ///
    /// - Parameter body: The body of a POST.
    /// - Returns: Its packets, or nil when it is empty, not UTF-8, or one of them is malformed.
    package static func parse(_ body: ByteBuffer) -> [EnginePacket]? {
        guard let text = String(validating: body.readableBytesView, as: UTF8.self), !text.isEmpty else { return nil }
        var packets: [EnginePacket] = []
        for part in text.utf8.split(separator: separator, omittingEmptySubsequences: false) {
            if part.first == UInt8(ascii: "b") {
                guard let bytes = Base64.decode(part.dropFirst()) else { return nil }
                packets.append(.binary(bytes))
            } else {
                guard let packet = EnginePacket(text: Substring(part)) else { return nil }
                packets.append(packet)
            }
        }
        return packets
    }

    /// Builds the body of an answer.
    ///
    /// - Parameter messages: At least one.
    /// - Returns: The body.
    package static func encode(_ messages: [WireMessage]) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(messages.reduce(0) { $0 + $1.byteCount })
        var isFirst = true
        for part in messages.lazy.flatMap(\.parts) {
            if !isFirst { body.writeInteger(separator) }
            isFirst = false
            switch part {
            case .text(let text):
                body.writeImmutableBuffer(text)
            case .binary(let bytes):
                body.writeInteger(UInt8(ascii: "b"))
                Base64.encode(bytes.readableBytesView, into: &body)
            }
        }
        return body
    }
}
