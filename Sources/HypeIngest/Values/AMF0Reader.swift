package import NIOCore

/// Reads values of Action Message Format 0 within limits.
package struct AMF0Reader: Sendable {
    /// What a sender may write.
    package struct Limits: Hashable, Sendable {
        /// Objects and arrays within each other.
        package var depth: Int
        /// Values in all, those within objects counted.
        package var values: Int

        /// Creates limits; what encoders send needs a depth of 3 and some forty values.
        package init(depth: Int = 8, values: Int = 2048) {
            self.depth = depth
            self.values = values
        }
    }

    private enum Marker {
        static let number: UInt8 = 0
        static let boolean: UInt8 = 1
        static let string: UInt8 = 2
        static let object: UInt8 = 3
        static let null: UInt8 = 5
        static let undefined: UInt8 = 6
        static let ecmaArray: UInt8 = 8
        static let objectEnd: UInt8 = 9
        static let strictArray: UInt8 = 10
        static let date: UInt8 = 11
        static let longString: UInt8 = 12
        static let unsupported: UInt8 = 13
        static let xmlDocument: UInt8 = 15
        static let typedObject: UInt8 = 16
    }

    private var bytes: ByteBuffer
    private let limits: Limits
    private var count = 0

    /// Creates a reader.
    package init(_ bytes: ByteBuffer, limits: Limits = Limits()) {
        self.bytes = bytes
        self.limits = limits
    }

    /// All values up to the end.
    ///
    /// - Throws: At the first that cannot be read.
    package static func values(in bytes: ByteBuffer, limits: Limits = Limits()) throws(AMF0Fault) -> [AMF0Value] {
        var reader = AMF0Reader(bytes, limits: limits)
        var values: [AMF0Value] = []
        while let value = try reader.next() { values.append(value) }
        return values
    }

    /// The next value, nil at the end.
    package mutating func next() throws(AMF0Fault) -> AMF0Value? {
        guard bytes.readableBytes > 0 else { return nil }
        return try value(depth: 0)
    }

    private mutating func value(depth: Int) throws(AMF0Fault) -> AMF0Value {
        count += 1
        guard count <= limits.values else { throw .count(limit: limits.values) }
        guard depth <= limits.depth else { throw .depth(limit: limits.depth) }
        let marker: UInt8 = try integer()
        switch marker {
        case Marker.number: return .number(Double(bitPattern: try integer()))
        case Marker.boolean: return .boolean(try integer(as: UInt8.self) != 0)
        case Marker.string: return .string(try shortText())
        case Marker.longString, Marker.xmlDocument: return .string(try text(length: Int(try integer(as: UInt32.self))))
        case Marker.object: return .object(try properties(depth: depth))
        case Marker.typedObject:
            _ = try shortText()
            return .object(try properties(depth: depth))
        case Marker.ecmaArray:
            _ = try integer(as: UInt32.self)
            return .ecmaArray(try properties(depth: depth))
        case Marker.strictArray: return .array(try elements(depth: depth))
        case Marker.date:
            let milliseconds = Double(bitPattern: try integer())
            _ = try integer(as: UInt16.self)
            return .date(milliseconds)
        case Marker.null: return .null
        case Marker.undefined, Marker.unsupported: return .undefined
        default: throw .marker(marker)
        }
    }

    private mutating func properties(depth: Int) throws(AMF0Fault) -> [AMF0Value.Property] {
        var properties: [AMF0Value.Property] = []
        while true {
            let name = try shortText()
            let isEnd = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == Marker.objectEnd
            if name.isEmpty, isEnd {
                bytes.moveReaderIndex(forwardBy: 1)
                return properties
            }
            // Some encoders end their metadata without the end marker.
            if name.isEmpty, bytes.readableBytes == 0 { return properties }
            properties.append(AMF0Value.Property(name, try value(depth: depth + 1)))
        }
    }

    private mutating func elements(depth: Int) throws(AMF0Fault) -> [AMF0Value] {
        let length = try integer(as: UInt32.self)
        guard length <= bytes.readableBytes else { throw .truncated }
        var elements: [AMF0Value] = []
        for _ in 0..<length { elements.append(try value(depth: depth + 1)) }
        return elements
    }

    private mutating func shortText() throws(AMF0Fault) -> String {
        try text(length: Int(try integer(as: UInt16.self)))
    }

    /// Text; bytes that are no UTF-8 become replacement characters.
    private mutating func text(length: Int) throws(AMF0Fault) -> String {
        guard let text = bytes.readSlice(length: length) else { throw .truncated }
        return String(decoding: text.readableBytesView, as: UTF8.self)
    }

    private mutating func integer<Integer: FixedWidthInteger>(
        as type: Integer.Type = Integer.self
    ) throws(AMF0Fault) -> Integer {
        guard let integer = bytes.readInteger(as: type) else { throw .truncated }
        return integer
    }
}
