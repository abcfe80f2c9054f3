internal import NIOCore

/// Writes values as JSON and takes the bytes out of them as attachments.
struct JSONWriter {
    /// The JSON written so far.
    private(set) var buffer: ByteBuffer
    /// The bytes found, in the order of their numbers.
    private(set) var attachments: [ByteBuffer] = []
    private let takesAttachments: Bool

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - buffer: Where to go on writing.
    ///   - takesAttachments: Whether bytes become numbered placeholders; else they become `null`.
    init(buffer: ByteBuffer = ByteBuffer(), takesAttachments: Bool = false) {
        self.buffer = buffer
        self.takesAttachments = takesAttachments
    }

    /// Writes one value.
    mutating func write(_ value: SocketIOValue) {
        switch value {
        case .null: buffer.writeStaticString("null")
        case .bool(true): buffer.writeStaticString("true")
        case .bool(false): buffer.writeStaticString("false")
        case .int(let number): buffer.writeString(String(number))
        case .double(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        case .binary(let bytes): write(bytes)
        }
    }

    /// Writes a list.
    mutating func write(_ elements: some Sequence<SocketIOValue>) {
        buffer.writeInteger(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { buffer.writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            write(element)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: SocketIOObject) {
        buffer.writeInteger(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in object.members {
            if !isFirst { buffer.writeInteger(UInt8(ascii: ",")) }
            isFirst = false
            write(name)
            buffer.writeInteger(UInt8(ascii: ":"))
            write(value)
        }
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private mutating func write(_ number: Double) {
        guard number.isFinite else {
            buffer.writeStaticString("null")
            return
        }
        // As JavaScript writes it: a whole number without a fraction, as long as it is exact.
        if let whole = Int(exactly: number), abs(whole) < 1 << 53 {
            buffer.writeString(String(whole))
        } else {
            buffer.writeString(number.description)
        }
    }

    private mutating func write(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            for byte in text.utf8 { writeEscaped(byte) }
        } else {
            buffer.writeString(text)
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            buffer.writeString("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: buffer.writeInteger(byte)
        }
    }

    private mutating func write(_ bytes: ByteBuffer) {
        guard takesAttachments else {
            buffer.writeStaticString("null")
            return
        }
        buffer.writeString("{\"_placeholder\":true,\"num\":\(attachments.count)}")
        attachments.append(bytes)
    }
}
