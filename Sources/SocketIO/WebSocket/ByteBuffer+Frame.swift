internal import NIOCore
internal import NIOWebSocket

extension ByteBuffer {
    /// Writes a whole, unmasked frame, as servers send it (RFC 6455, section 5.2).
    mutating func writeFrame(_ opcode: WebSocketOpcode, payload: ByteBuffer) {
        writeInteger(UInt8(0x80) | UInt8(webSocketOpcode: opcode))
        switch payload.readableBytes {
        case 0...125:
            writeInteger(UInt8(payload.readableBytes))
        case 126...Int(UInt16.max):
            writeInteger(UInt8(126))
            writeInteger(UInt16(payload.readableBytes))
        default:
            writeInteger(UInt8(127))
            writeInteger(UInt64(payload.readableBytes))
        }
        writeImmutableBuffer(payload)
    }

    /// A close frame.
    ///
    /// - Parameter code: The reason.
    /// - Returns: The frame.
    static func closeFrame(_ code: WebSocketErrorCode) -> ByteBuffer {
        var payload = ByteBuffer()
        payload.write(webSocketErrorCode: code)
        var frame = ByteBuffer()
        frame.writeFrame(.connectionClose, payload: payload)
        return frame
    }
}
