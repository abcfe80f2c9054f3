package import Foundation
package import HypeCore
import HypeStore

/// An event as webhooks and `GET /api/events/log` show it: `{"id", "kind", "sessionId", "time", "payload"}`.
package enum EventDocument {
    private struct Envelope: Encodable {
        var id: Int64
        var kind: EventKind
        var sessionId: String?
        var time: Date
    }

    /// The document, with the payload byte for byte as it is in the log.
    ///
    /// The same event gives the same bytes each time, so that a repeated delivery has the same body.
    ///
    /// - Parameter record: An entry whose payload is a JSON object.
    /// - Returns: A JSON object in UTF-8. `sessionId` is absent for events of the server as a whole.
    /// - Throws: `EncodingError`.
    package static func encode(_ record: EventRecord) throws -> Data {
        let envelope = Envelope(
            id: record.id,
            kind: record.kind,
            sessionId: record.sessionId,
            time: record.time
        )
        // The payload is JSON already; reading and writing it again could change its numbers.
        return try DocumentJSON.encode(envelope).dropLast() + Data(",\"payload\":".utf8) + record.payload
            + Data("}".utf8)
    }
}
