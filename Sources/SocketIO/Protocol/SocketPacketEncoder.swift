internal import NIOCore

/// Encodes packets for the wire, once for everyone who gets them.
package enum SocketPacketEncoder {
    /// Encodes a packet with its attachments.
    ///
    /// - Parameter packet: The packet.
    /// - Returns: The message, framed.
    package static func encode(_ packet: SocketPacket) -> WireMessage {
        var writer = JSONWriter(takesAttachments: true)
        var type = 0
        switch packet.content {
        case .connect(let value):
            if let value { writer.write(value) }
        case .disconnect:
            type = 1
        case .event(let name, let arguments):
            writer.write([.string(name)] + arguments)
            type = writer.attachments.isEmpty ? 2 : 5
        case .ack(let arguments):
            writer.write(arguments)
            type = writer.attachments.isEmpty ? 3 : 6
        case .connectError(let value):
            writer.write(value)
            type = 4
        }
        var text = ByteBuffer()
        text.reserveCapacity(writer.buffer.readableBytes + packet.namespace.utf8.count + 16)
        text.writeInteger(UInt8(ascii: "4"))
        text.writeInteger(UInt8(ascii: "0") + UInt8(type))
        if !writer.attachments.isEmpty { text.writeString("\(writer.attachments.count)-") }
        if packet.namespace != "/" {
            text.writeString(packet.namespace)
            text.writeInteger(UInt8(ascii: ","))
        }
        if let ackID = packet.ackID { text.writeString(String(ackID)) }
        text.writeImmutableBuffer(writer.buffer)
        return WireMessage(text: text, attachments: writer.attachments)
    }
}
