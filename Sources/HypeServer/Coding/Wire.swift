package import Foundation
package import HTTPTypes
package import HummingbirdCore
import HypeStore
import NIOCore

/// Answers that are documents.
package enum Wire {
    /// An answer with a document.
    package static func response(
        _ document: some Encodable,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = HTTPFields()
    ) throws -> Response {
        json(try DocumentJSON.encode(document), status: status, headers: headers)
    }

    /// An answer with a page of documents that are JSON already.
    ///
    /// - Parameters:
    ///   - documents: JSON in UTF-8.
    ///   - next: The cursor of the next page: letters, digits, `-` and `_`; nil on the last one.
    /// - Returns: The answer; its document is that of ``ListDocument``.
    package static func list(_ documents: [Data], next: String?) -> Response {
        var json = Data(capacity: documents.reduce(64) { $0 + $1.count + 1 } + (next?.utf8.count ?? 0))
        json += Data(#"{"items":["#.utf8)
        for (number, document) in documents.enumerated() {
            if number > 0 { json.append(UInt8(ascii: ",")) }
            json += document
        }
        json += Data(#"],"next":\#(next.map { "\"\($0)\"" } ?? "null")}"#.utf8)
        return Self.json(json)
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
