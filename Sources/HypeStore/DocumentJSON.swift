package import Foundation

/// How documents are shown to everybody outside, in answers and in events: as JSON.
///
/// Keys are sorted, so that equal values have equal bytes. Instants are ISO 8601 in UTC with milliseconds. Numbers that
/// JSON does not know (NaN, infinity) become `null`.
package enum DocumentJSON {
    /// Stands for such a number until the text is written; made at random so that nobody can write it into a chat.
    package static let placeholder = "not-a-number-" + String(UInt64.random(in: .min ... .max), radix: 36)

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeStyle = Date.ISO8601FormatStyle()

    /// The JSON text of a value, without blanks or line ends between its parts.
    ///
    /// - Throws: `EncodingError` where the value itself refuses.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(of: date))
        }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: placeholder,
            negativeInfinity: placeholder,
            nan: placeholder
        )
        return withoutPlaceholders(try encoder.encode(value))
    }

    /// Reads what ``encode(_:)`` wrote.
    ///
    /// - Throws: `DecodingError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = instant(of: text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an ISO 8601 instant")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }

    /// An instant in ISO 8601, UTC, with milliseconds, such as `2026-01-31T12:00:00.250Z`.
    package static func text(of date: Date) -> String {
        date.formatted(style)
    }

    /// The instant that a text in ISO 8601 names, with or without a fraction; nil where it names none.
    package static func instant(of text: String) -> Date? {
        (try? style.parse(text)) ?? (try? wholeStyle.parse(text))
    }

    /// Replaces each value that is the placeholder by `null`.
    ///
    /// A quote that follows `:`, `,` or `[` opens a string: one inside a string is escaped, and one that ends a string is
    /// followed by none of the placeholder's letters. So nothing that a viewer wrote can be mistaken for it; keys, which
    /// are followed by `:`, are left alone.
    private static func withoutPlaceholders(_ json: Data) -> Data {
        let token = Data("\"\(placeholder)\"".utf8)
        guard json.range(of: token) != nil else { return json }
        var result = Data(capacity: json.count)
        var rest = json[...]
        while let found = rest.range(of: token) {
            let before = found.lowerBound > json.startIndex ? json[found.lowerBound - 1] : 0
            let after = found.upperBound < json.endIndex ? json[found.upperBound] : 0
            let isValue = [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "[")].contains(before)
            if isValue && after != UInt8(ascii: ":") {
                result += rest[..<found.lowerBound]
                result += Data("null".utf8)
                rest = rest[found.upperBound...]
            } else {
                result += rest[...found.lowerBound]
                rest = rest[(found.lowerBound + 1)...]
            }
        }
        return result + rest
    }
}
