package import Foundation
package import HTTPTypes
package import HummingbirdCore
import NIOCore

/// How documents look on the wire: JSON, times in ISO 8601 with fraction.
package enum Wire {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeStyle = Date.ISO8601FormatStyle()

    /// A time as text, in UTC with milliseconds.
    package static func text(_ date: Date) -> String { date.formatted(style) }

    /// Reads a time, with or without fraction, in any zone.
    package static func date(_ text: String) -> Date? {
        (try? style.parse(text)) ?? (try? wholeStyle.parse(text))
    }

    /// Encodes a document.
    package static func encode(_ document: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(date))
        }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return try encoder.encode(document)
    }

    /// Decodes a document.
    package static func decode<Document: Decodable>(_ type: Document.Type, from data: Data) throws -> Document {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }

    /// An answer with a document.
    package static func response(
        _ document: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = HTTPFields()
    ) throws -> Response {
        json(try encode(document), status: status, headers: headers)
    }

    /// An answer with a document that is JSON already.
    package static func json(
        _ data: Data,
        status: HTTPResponse.Status = .ok,
        mediaType: String = "application/json",
        headers: HTTPFields = HTTPFields()
    ) -> Response {
        var headers = headers
        headers[.contentType] = mediaType
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// An answer without content.
    package static func empty(_ status: HTTPResponse.Status, headers: HTTPFields = HTTPFields()) -> Response {
        Response(status: status, headers: headers)
    }
}

/// A page of a list, as clients see it.
package struct ListDocument<Item: Encodable>: Encodable {
    /// The entries.
    package var items: [Item]
    /// The cursor of the next page; `null` on the last one.
    package var next: String?

    /// Creates a list.
    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    private enum CodingKeys: String, CodingKey { case items, next }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(next, forKey: .next)
    }
}
