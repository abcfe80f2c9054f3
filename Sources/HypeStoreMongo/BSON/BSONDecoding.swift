import Foundation

/// The types of BSON that are read; those that are only skipped are known by their sizes.
enum BSONType: UInt8 {
    case double = 0x01
    case string = 0x02
    case document = 0x03
    case array = 0x04
    case binary = 0x05
    case undefined = 0x06
    case objectId = 0x07
    case bool = 0x08
    case date = 0x09
    case null = 0x0A
    case regularExpression = 0x0B
    case pointer = 0x0C
    case code = 0x0D
    case symbol = 0x0E
    case codeWithScope = 0x0F
    case int32 = 0x10
    case timestamp = 0x11
    case int64 = 0x12
    case decimal128 = 0x13
    case maximumKey = 0x7F
    case minimumKey = 0xFF
}

/// What is too much of a good thing.
enum BSONLimits {
    /// Bytes of a document; the server's own limit for a message is 48,000,000.
    static let longestDocument = 48_000_000
    /// Documents inside documents; the server's own limit is 100.
    static let deepest = 100
}

/// Why bytes are no BSON, or values cannot become BSON.
package enum BSONError: Error, Hashable, Sendable {
    /// The bytes end too early, or a length does not fit.
    case truncated
    /// A byte has a value that it cannot have.
    case malformed
    /// A text is not UTF-8.
    case badText
    /// Documents are nested more than 100 deep.
    case tooDeep
    /// The document is longer than a server takes.
    case tooLong
    /// The name of a value contains a zero byte.
    case zeroInName
}

extension BSONDocument {
    /// Reads a document.
    ///
    /// Values of types that the store does not use are left out.
    ///
    /// - Parameter bytes: Exactly one document in BSON.
    /// - Throws: ``BSONError`` where it is not.
    package init(bytes: [UInt8]) throws(BSONError) {
        var reader = BSONReader(bytes: bytes[...])
        self = BSONDocument(fields: try reader.document(depth: 1))
        guard reader.bytes.isEmpty else { throw BSONError.malformed }
    }
}

/// Takes values off the front of bytes; never reads beyond them.
private struct BSONReader {
    var bytes: ArraySlice<UInt8>

    mutating func document(depth: Int) throws(BSONError) -> [BSONDocument.Field] {
        guard depth <= BSONLimits.deepest else { throw BSONError.tooDeep }
        let length = try count()
        guard length >= 5 else { throw BSONError.malformed }
        var inside = BSONReader(bytes: try take(length - 4))
        guard inside.bytes.removeLast() == 0 else { throw BSONError.malformed }
        var fields: [BSONDocument.Field] = []
        while let code = inside.bytes.popFirst() {
            guard let type = BSONType(rawValue: code) else { throw BSONError.malformed }
            let name = try inside.name()
            if let value = try inside.value(of: type, depth: depth) {
                fields.append(BSONDocument.Field(name: name, value: value))
            }
        }
        return fields
    }

    /// The value, or nil where it was skipped.
    private mutating func value(of type: BSONType, depth: Int) throws(BSONError) -> BSONValue? {
        switch type {
        case .double: return .double(Double(bitPattern: try integer()))
        case .string: return .string(try text())
        case .document: return .document(BSONDocument(fields: try document(depth: depth + 1)))
        case .array: return .array(try document(depth: depth + 1).map(\.value))
        case .binary:
            let length = try count()
            _ = try take(1)
            return .binary(Data(try take(length)))
        case .bool:
            switch try take(1).first {
            case 0: return .bool(false)
            case 1: return .bool(true)
            default: throw BSONError.malformed
            }
        case .date: return .date(try integer())
        case .null: return .null
        case .int32: return .int32(try integer())
        case .int64: return .int64(try integer())
        case .undefined, .minimumKey, .maximumKey: break
        case .objectId: _ = try take(12)
        case .timestamp: _ = try take(8)
        case .decimal128: _ = try take(16)
        case .regularExpression:
            _ = try name()
            _ = try name()
        case .code, .symbol: _ = try text()
        case .pointer:
            _ = try text()
            _ = try take(12)
        case .codeWithScope:
            let length = try count()
            guard length >= 4 else { throw BSONError.malformed }
            _ = try take(length - 4)
        }
        return nil
    }

    private mutating func take(_ length: Int) throws(BSONError) -> ArraySlice<UInt8> {
        guard length >= 0, length <= bytes.count else { throw BSONError.truncated }
        defer { bytes = bytes.dropFirst(length) }
        return bytes.prefix(length)
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws(BSONError) -> Integer {
        var value: Integer = 0
        for byte in try take(MemoryLayout<Integer>.size).reversed() {
            value = (value << 8) | Integer(truncatingIfNeeded: byte)
        }
        return value
    }

    private mutating func count() throws(BSONError) -> Int {
        let value: Int32 = try integer()
        guard value >= 0 else { throw BSONError.malformed }
        return Int(value)
    }

    private mutating func name() throws(BSONError) -> String {
        guard let end = bytes.firstIndex(of: 0) else { throw BSONError.truncated }
        guard let name = String(validating: bytes[..<end], as: UTF8.self) else { throw BSONError.badText }
        bytes = bytes[(end + 1)...]
        return name
    }

    private mutating func text() throws(BSONError) -> String {
        let length = try count()
        guard length >= 1 else { throw BSONError.malformed }
        let content = try take(length)
        guard content.last == 0 else { throw BSONError.malformed }
        guard let text = String(validating: content.dropLast(), as: UTF8.self) else { throw BSONError.badText }
        return text
    }
}
