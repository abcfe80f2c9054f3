public import NIOCore

/// One argument of an event or an acknowledgement: JSON, or bytes.
///
/// Literals become values, so `socket.emit("progress", ["percent": 40, "done": false])` needs no wrapping. Any
/// `Encodable` becomes one with ``init(encoding:)``, and ``decode(as:)`` goes the other way.
public enum SocketIOValue: Sendable, Hashable {
    /// JSON's `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case int(Int)
    /// Any other number; what JSON cannot write (NaN, infinities) is written as `null`.
    case double(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([SocketIOValue])
    /// Names with values, in the order in which they came.
    case object(SocketIOObject)
    /// Bytes, sent as an attachment beside the JSON.
    case binary(ByteBuffer)

    /// The truth value, or nil.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The whole number, or nil; a double counts when it is whole.
    public var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, or nil.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The text, or nil.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The elements, or nil.
    public var array: [SocketIOValue]? { if case .array(let value) = self { value } else { nil } }

    /// The object, or nil.
    public var object: SocketIOObject? { if case .object(let value) = self { value } else { nil } }

    /// The bytes, or nil.
    public var binary: ByteBuffer? { if case .binary(let value) = self { value } else { nil } }

    /// The value of an object's member, or nil.
    public subscript(_ name: String) -> SocketIOValue? { object?[name] }
}

extension SocketIOValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// Creates `null`.
    public init(nilLiteral: ()) { self = .null }

    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Creates a whole number.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// Creates a number.
    public init(floatLiteral value: Double) { self = .double(value) }

    /// Creates text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// Creates a list.
    public init(arrayLiteral elements: SocketIOValue...) { self = .array(elements) }

    /// Creates an object; of two members of one name the last wins.
    public init(dictionaryLiteral elements: (String, SocketIOValue)...) { self = .object(SocketIOObject(elements)) }
}

extension SocketIOValue {
    /// Parses JSON.
    ///
    /// - Parameter json: One JSON text.
    /// - Throws: ``SocketIOJSONError`` when it is not JSON, or nested more than 256 deep.
    public init(json: String) throws(SocketIOJSONError) {
        self = try JSONReader.read(json.utf8)
    }

    /// Encodes any value as JSON would be; a ``SocketIOValue`` or `ByteBuffer` inside stays what it is, so bytes
    /// become attachments.
    ///
    /// - Parameter value: The value.
    /// - Throws: `EncodingError`, or what the value itself throws.
    public init(encoding value: some Encodable) throws {
        self = try ValueEncoder.encode(value)
    }

    /// Decodes a value of a type.
    ///
    /// - Parameter type: The type.
    /// - Returns: The value.
    /// - Throws: `DecodingError` that names the place that does not fit.
    public func decode<T: Decodable>(as type: T.Type = T.self) throws -> T {
        try ValueDecoder.decode(type, from: self, path: [])
    }

    /// The JSON text; bytes show as `null`.
    public var json: String {
        var writer = JSONWriter()
        writer.write(self)
        return String(buffer: writer.buffer)
    }
}
