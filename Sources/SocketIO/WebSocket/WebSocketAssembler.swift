package import NIOCore
package import NIOWebSocket

/// Joins the frames of a client to messages and checks what RFC 6455 asks of them.
///
/// Masked frames only, no reserved bits and opcodes, control frames whole and small, fragments in order, text in UTF-8,
/// close codes that may be sent, and no message larger than the limit.
package struct WebSocketAssembler {
    /// What a frame completed.
    package enum Event: Equatable {
        /// A text message.
        case text(String)
        /// A binary message.
        case binary(ByteBuffer)
        /// The client wants a pong with the same content.
        case ping(ByteBuffer)
        /// The client closes.
        case close
        /// The client broke a rule; the connection must be closed with this code.
        case violation(WebSocketErrorCode)
    }

    private struct Message {
        let isText: Bool
        var bytes: ByteBuffer
    }

    private let maximumSize: Int
    private var message: Message?

    /// Creates an assembler.
    ///
    /// - Parameter maximumSize: The largest message, in bytes.
    package init(maximumSize: Int) {
        self.maximumSize = maximumSize
    }

    /// Takes a frame.
    ///
    /// - Parameter frame: As the decoder gave it, still masked.
    /// - Returns: What it completes, or nil.
    package mutating func take(_ frame: WebSocketFrame) -> Event? {
        guard frame.maskKey != nil, frame.reservedBits.isEmpty else { return .violation(.protocolError) }
        switch frame.opcode {
        case .text: return begin(frame, isText: true)
        case .binary: return begin(frame, isText: false)
        case .continuation: return proceed(frame)
        case .ping: return isSoundControl(frame) ? .ping(frame.unmaskedData) : .violation(.protocolError)
        case .pong: return isSoundControl(frame) ? nil : .violation(.protocolError)
        case .connectionClose: return isSoundControl(frame) ? close(frame.unmaskedData) : .violation(.protocolError)
        default: return .violation(.protocolError)
        }
    }

    private func isSoundControl(_ frame: WebSocketFrame) -> Bool { frame.fin && frame.length <= 125 }

    private mutating func begin(_ frame: WebSocketFrame, isText: Bool) -> Event? {
        guard message == nil else { return .violation(.protocolError) }
        guard frame.length <= maximumSize else { return .violation(.messageTooLarge) }
        let whole = Message(isText: isText, bytes: frame.unmaskedData)
        if frame.fin { return finish(whole) }
        message = whole
        return nil
    }

    private mutating func proceed(_ frame: WebSocketFrame) -> Event? {
        guard var joined = message else { return .violation(.protocolError) }
        guard joined.bytes.readableBytes + frame.length <= maximumSize else { return .violation(.messageTooLarge) }
        message = nil
        joined.bytes.writeImmutableBuffer(frame.unmaskedData)
        if frame.fin { return finish(joined) }
        message = joined
        return nil
    }

    private func finish(_ message: Message) -> Event {
        guard message.isText else { return .binary(message.bytes) }
        guard let text = String(validating: message.bytes.readableBytesView, as: UTF8.self) else {
            return .violation(.dataInconsistentWithMessage)
        }
        return .text(text)
    }

    private func close(_ payload: ByteBuffer) -> Event {
        guard payload.readableBytes > 0 else { return .close }
        guard let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self) else {
            return .violation(.protocolError)
        }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return .violation(.protocolError)
        }
        let reason = payload.readableBytesView.dropFirst(2)
        return String(validating: reason, as: UTF8.self) == nil ? .violation(.dataInconsistentWithMessage) : .close
    }
}
