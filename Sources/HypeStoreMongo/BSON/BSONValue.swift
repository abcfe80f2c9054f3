package import Foundation

/// One value of a BSON document, of the types that the store uses.
package enum BSONValue: Hashable, Sendable {
    case double(Double)
    case string(String)
    case document(BSONDocument)
    case array([BSONValue])
    case binary(Data)
    case bool(Bool)
    /// Whole milliseconds since 1970.
    case date(Int64)
    case null
    case int32(Int32)
    case int64(Int64)

    /// The whole number, whatever type of number it was sent as; nil where it is none.
    package var integer: Int64? {
        switch self {
        case .int32(let value): Int64(value)
        case .int64(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The text; nil where it is none.
    package var text: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The document; nil where it is none.
    package var document: BSONDocument? {
        if case .document(let value) = self { value } else { nil }
    }

    /// The elements; nil where it is no array.
    package var elements: [BSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int64(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: BSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .document(BSONDocument(fields: elements.map(BSONDocument.Field.init)))
    }
}
