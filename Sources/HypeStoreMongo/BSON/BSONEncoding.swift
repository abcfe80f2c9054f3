import Foundation

extension BSONDocument {
    /// The document in BSON, https://bsonspec.org/spec.html.
    ///
    /// - Returns: The bytes.
    /// - Throws: ``BSONError`` where a name contains a zero byte or the document is too long.
    package func encoded() throws(BSONError) -> [UInt8] {
        var bytes: [UInt8] = []
        try append(to: &bytes)
        return bytes
    }

    fileprivate func append(to bytes: inout [UInt8]) throws(BSONError) {
        try bytes.appendDocument { bytes throws(BSONError) in
            for field in fields { try field.value.append(named: field.name, to: &bytes) }
        }
    }
}

extension BSONValue {
    fileprivate func append(named name: String, to bytes: inout [UInt8]) throws(BSONError) {
        guard !name.utf8.contains(0) else { throw BSONError.zeroInName }
        bytes.append(type.rawValue)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0)
        switch self {
        case .double(let value): bytes.append(integer: value.bitPattern)
        case .string(let value):
            let text = value.utf8
            bytes.append(integer: Int32(truncatingIfNeeded: text.count + 1))
            bytes.append(contentsOf: text)
            bytes.append(0)
        case .document(let value): try value.append(to: &bytes)
        case .array(let values):
            try bytes.appendDocument { bytes throws(BSONError) in
                for (index, value) in values.enumerated() { try value.append(named: String(index), to: &bytes) }
            }
        case .binary(let data):
            bytes.append(integer: Int32(truncatingIfNeeded: data.count))
            bytes.append(0)  // The generic kind of binary data.
            bytes.append(contentsOf: data)
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .date(let value), .int64(let value): bytes.append(integer: value)
        case .int32(let value): bytes.append(integer: value)
        case .null: break
        }
    }

    private var type: BSONType {
        switch self {
        case .double: .double
        case .string: .string
        case .document: .document
        case .array: .array
        case .binary: .binary
        case .bool: .bool
        case .date: .date
        case .null: .null
        case .int32: .int32
        case .int64: .int64
        }
    }
}

extension [UInt8] {
    /// BSON's numbers are little-endian.
    fileprivate mutating func append(integer value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends a length, what `body` appends, and the zero byte at the end.
    fileprivate mutating func appendDocument(_ body: (inout [UInt8]) throws(BSONError) -> Void) throws(BSONError) {
        let begin = count
        append(integer: Int32(0))
        try body(&self)
        append(0)
        let length = count - begin
        guard length <= BSONLimits.longestDocument else { throw BSONError.tooLong }
        for index in 0..<4 { self[begin + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    }
}
