/// What a publisher is told of its stream, as `onStatus` (specification 1.0, section 7.2.2).
package enum StatusMessage: Hashable, Sendable {
    /// It may send.
    case publishStarted
    /// It may not send, and why, in words for the person in front of the encoder.
    case badName(String)
    /// Its stream is over, and why.
    case unpublished(String)
    /// Playing is not offered.
    case playFailed

    /// The command that says it.
    package var command: CommandMessage {
        let (level, code, text) = fields
        let information: [AMF0Value.Property] = [
            .init("level", .string(level)), .init("code", .string(code)), .init("description", .string(text)),
        ]
        return CommandMessage("onStatus", transaction: 0, .null, .object(information))
    }

    private var fields: (level: String, code: String, text: String) {
        switch self {
        case .publishStarted: ("status", "NetStream.Publish.Start", "The stream is being taken.")
        case .badName(let reason): ("error", "NetStream.Publish.BadName", reason)
        case .unpublished(let reason): ("status", "NetStream.Unpublish.Success", reason)
        case .playFailed: ("error", "NetStream.Play.Failed", "This server takes streams and plays none.")
        }
    }
}
