import Foundation
package import HTTPTypes
import HypeStore
package import Logging
import NIOCore

/// A request that was let in, with what its route says about it.
package struct IncomingRequest: Sendable {
    /// The request's identifier.
    package let id: String
    /// The method.
    package let method: HTTPRequest.Method
    /// The address.
    package let target: RequestTarget
    /// What stood in place of the braces in the route's form.
    package let parameters: [String: String]
    /// The `Host` field.
    package let authority: String?
    /// The other header fields.
    package let headers: HTTPFields
    /// What comes after the head.
    package let body: IncomingBody
    /// The other end of the connection.
    package let peer: Peer
    /// What the request presents.
    package let credential: AccessPolicy.Credential
    /// Writes with the request's identifier.
    package let logger: Logger
    /// Bytes that a document may have.
    package let documentLimit: Int
    /// How long a document may take to arrive.
    package let documentTime: Duration

    /// What stood in place of one of the route's braces.
    ///
    /// - Throws: ``Problem`` with status 404 where it cannot be an identifier.
    package func identifier(_ name: String = "id") throws(Problem) -> String {
        guard let id = parameters[name], id.utf8.allSatisfy(Self.isIdentifier) else {
            throw Problem(404, "There is nothing with this identifier.")
        }
        return id
    }

    /// Reads the document that was sent.
    ///
    /// - Throws: ``Problem`` with status 400, 413 or 415, or a `DecodingError`.
    package func document<Document: Decodable>(_ type: Document.Type) async throws -> Document {
        guard let document = try await optionalDocument(type) else {
            throw Problem(400, "A JSON document is needed.")
        }
        return document
    }

    /// Reads the document that was sent, or nil where nothing was.
    ///
    /// - Throws: ``Problem`` with status 400, 413 or 415, or a `DecodingError`.
    package func optionalDocument<Document: Decodable>(_ type: Document.Type) async throws -> Document? {
        let data = try await body.collect(upTo: documentLimit, within: documentTime)
        guard data.readableBytes > 0 else { return nil }
        let mediaType = headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard mediaType.trimmingCharacters(in: .whitespaces) == "application/json" else {
            throw Problem(415, "Send a JSON document with “Content-Type: application/json”.")
        }
        return try DocumentJSON.decode(type, from: Data(data.readableBytesView))
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
