package import Foundation
package import HypeStore

/// Values are kept as documents that other programs can query, so they go through their JSON.
extension BSONDocument {
    /// The document of a value, with times as whole milliseconds since 1970.
    package init(_ value: some Encodable) throws(StoreError) {
        let json = try StoreCoding.encode(value)
        let document = try StoreCoding.decode(BSONValue.self, from: json).document
        guard let document else {
            throw StoreError(.failed, "Only objects can be stored; this is a mistake in Hypeclip.")
        }
        self = document
    }

    /// The value that ``init(_:)`` took.
    package func value<Value: Decodable>(
        _ type: Value.Type,
        with decoder: JSONDecoder = StoreCoding.decoder()
    ) throws(StoreError) -> Value {
        try StoreCoding.decode(type, from: try StoreCoding.encode(BSONValue.document(self)), with: decoder)
    }
}

extension BSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: BSONName.self) {
            // Sorted, since JSON's objects have no order and documents are to come out the same each time.
            let fields = try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map { name in
                BSONDocument.Field(name: name.stringValue, value: try container.decode(Self.self, forKey: name))
            }
            self = .document(BSONDocument(fields: fields))
        } else if var container = try? decoder.unkeyedContainer() {
            var values: [BSONValue] = []
            while !container.isAtEnd { values.append(try container.decode(Self.self)) }
            self = .array(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .int64(value)
            } else {
                self = .double(try container.decode(Double.self))
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .document(let document):
            var container = encoder.container(keyedBy: BSONName.self)
            for field in document.fields { try container.encode(field.value, forKey: BSONName(field.name)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .double(let value): try container.encode(value)
            case .string(let value): try container.encode(value)
            case .binary(let value): try container.encode(value)
            case .bool(let value): try container.encode(value)
            case .date(let value), .int64(let value): try container.encode(value)
            case .int32(let value): try container.encode(value)
            case .null, .document, .array: try container.encodeNil()
            }
        }
    }
}

/// The name of any field.
private struct BSONName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
