internal import NIOCore

/// Reads packets out of a client's messages and waits for their attachments (pure).
package struct SocketPacketDecoder: Sendable {
    /// Event names that clients may not send, because the API gives them a meaning.
    package static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private struct Unfinished: Hashable, Sendable {
        var packet: SocketPacket
        var attachments: [ByteBuffer]
        let expected: Int
    }

    private let maximumAttachments: Int
    private var unfinished: Unfinished?

    /// Creates a decoder.
    ///
    /// - Parameter maximumAttachments: How many attachments a packet may have.
    package init(maximumAttachments: Int) {
        self.maximumAttachments = maximumAttachments
    }

    /// Takes a message.
    ///
    /// - Parameter message: Text or bytes.
    /// - Returns: The packet that it completes, or nil while attachments are due.
    /// - Throws: What is wrong with it.
    package mutating func take(_ message: EngineMessage) throws(SocketPacketFault) -> SocketPacket? {
        switch message {
        case .text(let text):
            guard unfinished == nil else { throw .missingAttachment }
            return try read(text)
        case .binary(let bytes):
            guard var packet = unfinished else { throw .strayAttachment }
            packet.attachments.append(bytes)
            unfinished = packet
            guard packet.attachments.count == packet.expected else { return nil }
            unfinished = nil
            return try Self.filled(packet)
        }
    }

    private mutating func read(_ text: String) throws(SocketPacketFault) -> SocketPacket? {
        var rest = text.utf8[...]
        guard let type = rest.popFirst().map({ $0 &- UInt8(ascii: "0") }), type < 7 else { throw .unknownType }
        var expected = 0
        if type >= 5 {
            guard let count = Self.number(&rest), rest.popFirst() == UInt8(ascii: "-"), count <= maximumAttachments
            else { throw .attachmentCount }
            expected = count
        }
        var namespace = "/"
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            namespace = Self.namespace(String(Substring(name)))
            rest = rest.dropFirst(name.count + 1)
        }
        var ackID: Int?
        if let first = rest.first, first &- 0x30 < 10 {
            guard let number = Self.number(&rest) else { throw .ackID }
            ackID = number
        }
        let packet = SocketPacket(
            try Self.content(type: type, rest, hasAckID: ackID != nil),
            namespace: namespace,
            ackID: ackID
        )
        guard expected > 0 else { return packet }
        unfinished = Unfinished(packet: packet, attachments: [], expected: expected)
        return nil
    }

    /// The name without the query that old clients put behind it.
    private static func namespace(_ name: String) -> String { String(name.prefix { $0 != "?" }) }

    private static func number(_ rest: inout Substring.UTF8View) -> Int? {
        let digits = rest.prefix { $0 &- 0x30 < 10 }
        rest = rest.dropFirst(digits.count)
        // JavaScript's largest exact integer has 16 digits.
        return digits.isEmpty || digits.count > 16 ? nil : Int(Substring(digits))
    }

    private static func content(
        type: UInt8,
        _ text: Substring.UTF8View,
        hasAckID: Bool
    ) throws(SocketPacketFault) -> SocketPacket.Content {
        var value: SocketIOValue?
        if !text.isEmpty {
            do { value = try JSONReader.read(text) } catch { throw .json(error) }
        }
        switch type {
        case 0:
            guard value == nil || value?.object != nil else { throw .payload }
            return .connect(value)
        case 1:
            guard value == nil else { throw .payload }
            return .disconnect
        case 2, 5:
            guard let arguments = value?.array, let first = arguments.first else { throw .payload }
            guard let name = first.string ?? first.int.map({ String($0) }) else { throw .payload }
            guard !reservedEvents.contains(name) else { throw .reservedEvent }
            return .event(name, Array(arguments.dropFirst()))
        case 3, 6:
            guard hasAckID else { throw .ackID }
            guard let arguments = value?.array else { throw .payload }
            return .ack(arguments)
        default:
            // CONNECT_ERROR is the server's to send.
            throw .payload
        }
    }

    private static func filled(_ unfinished: Unfinished) throws(SocketPacketFault) -> SocketPacket {
        var packet = unfinished.packet
        switch packet.content {
        case .event(let name, let arguments):
            packet.content = .event(name, try fill(arguments, unfinished.attachments))
        case .ack(let arguments):
            packet.content = .ack(try fill(arguments, unfinished.attachments))
        default:
            break
        }
        return packet
    }

    private static func fill(
        _ values: [SocketIOValue],
        _ attachments: [ByteBuffer]
    ) throws(SocketPacketFault) -> [SocketIOValue] {
        var filled: [SocketIOValue] = []
        for value in values { filled.append(try fill(value, attachments)) }
        return filled
    }

    private static func fill(
        _ value: SocketIOValue,
        _ attachments: [ByteBuffer]
    ) throws(SocketPacketFault) -> SocketIOValue {
        switch value {
        case .array(let elements):
            return .array(try fill(elements, attachments))
        case .object(let object) where object["_placeholder"] == .bool(true):
            guard let number = object["num"]?.int, attachments.indices.contains(number) else { throw .placeholder }
            return .binary(attachments[number])
        case .object(let object):
            return .object(try object.mapValues { (value) throws(SocketPacketFault) in try fill(value, attachments) })
        default:
            return value
        }
    }
}
