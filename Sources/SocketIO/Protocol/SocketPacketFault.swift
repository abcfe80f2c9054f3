/// Why a client's message is not a packet; its connection is closed.
package enum SocketPacketFault: Error, Hashable, Sendable {
    /// The type is none of the seven.
    case unknownType
    /// The number of attachments is missing, or larger than allowed.
    case attachmentCount
    /// The number of the acknowledgement is missing or too large.
    case ackID
    /// The JSON cannot be read.
    case json(SocketIOJSONError)
    /// The JSON does not fit the type.
    case payload
    /// The name of the event is one of the library's own.
    case reservedEvent
    /// A placeholder names no attachment.
    case placeholder
    /// Text came where an attachment was due.
    case missingAttachment
    /// An attachment came that no packet announced.
    case strayAttachment
}
