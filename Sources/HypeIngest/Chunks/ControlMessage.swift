internal import NIOCore

/// The messages by which two peers agree on how they talk (specification 1.0, sections 5.4 and 7.1.7).
package enum ControlMessage: Hashable, Sendable {
    /// Bytes of payload in a chunk, from here on.
    case setChunkSize(UInt32)
    /// Bytes received since the connection began, wrapping at 2³².
    case acknowledgement(UInt32)
    /// The peer shall acknowledge after each so many bytes.
    case windowAcknowledgementSize(UInt32)
    /// The peer shall send so many bytes ahead of acknowledgements; kind 0 hard, 1 soft, 2 dynamic.
    case setPeerBandwidth(UInt32, kind: UInt8)
    /// A stream is there from now on.
    case streamBegin(UInt32)
    /// Asks for an answer with the same number.
    case pingRequest(UInt32)
    /// The answer to a request.
    case pingResponse(UInt32)
    /// A user control event that means nothing here.
    case otherUserControl(UInt16)

    /// Reads a control message.
    ///
    /// - Returns: Nil for other types of messages.
    /// - Throws: ``RTMPFault/controlMessage(type:)`` where it is too short.
    package init?(_ message: RTMPMessage) throws(RTMPFault) {
        var payload = message.payload
        switch message.type {
        case RTMPMessage.Kind.acknowledgement:
            self = .acknowledgement(try Self.number(&payload, of: message))
        case RTMPMessage.Kind.windowAcknowledgementSize:
            self = .windowAcknowledgementSize(try Self.number(&payload, of: message))
        case RTMPMessage.Kind.setPeerBandwidth:
            let size = try Self.number(&payload, of: message)
            self = .setPeerBandwidth(size, kind: payload.readInteger(as: UInt8.self) ?? 2)
        case RTMPMessage.Kind.userControl:
            guard let event = payload.readInteger(as: UInt16.self) else { throw .controlMessage(type: message.type) }
            switch event {
            case 0: self = .streamBegin(try Self.number(&payload, of: message))
            case 6: self = .pingRequest(try Self.number(&payload, of: message))
            case 7: self = .pingResponse(try Self.number(&payload, of: message))
            default: self = .otherUserControl(event)
            }
        default:
            return nil
        }
    }

    private static func number(_ payload: inout ByteBuffer, of message: RTMPMessage) throws(RTMPFault) -> UInt32 {
        guard let number = payload.readInteger(as: UInt32.self) else { throw .controlMessage(type: message.type) }
        return number
    }

    /// The message that says this.
    package var message: RTMPMessage {
        var payload = ByteBuffer()
        let type: UInt8
        switch self {
        case .setChunkSize(let size):
            type = RTMPMessage.Kind.setChunkSize
            payload.writeInteger(size)
        case .acknowledgement(let bytes):
            type = RTMPMessage.Kind.acknowledgement
            payload.writeInteger(bytes)
        case .windowAcknowledgementSize(let bytes):
            type = RTMPMessage.Kind.windowAcknowledgementSize
            payload.writeInteger(bytes)
        case .setPeerBandwidth(let bytes, let kind):
            type = RTMPMessage.Kind.setPeerBandwidth
            payload.writeInteger(bytes)
            payload.writeInteger(kind)
        case .streamBegin(let number):
            type = RTMPMessage.Kind.userControl
            payload.writeMultipleIntegers(UInt16(0), number)
        case .pingRequest(let number):
            type = RTMPMessage.Kind.userControl
            payload.writeMultipleIntegers(UInt16(6), number)
        case .pingResponse(let number):
            type = RTMPMessage.Kind.userControl
            payload.writeMultipleIntegers(UInt16(7), number)
        case .otherUserControl(let event):
            type = RTMPMessage.Kind.userControl
            payload.writeInteger(event)
        }
        return RTMPMessage(type: type, payload: payload)
    }
}
