package import NIOCore

/// A packet of Engine.IO v4, as a client sends it.
package enum EnginePacket: Hashable, Sendable {
    /// `0`, with the handshake; only servers send it.
    case open(String)
    /// `1`: the session is over.
    case close
    /// `2`, with an optional text; clients send it only as the probe of an upgrade.
    case ping(String)
    /// `3`, the answer to a ping.
    case pong(String)
    /// `4`: a text message.
    case text(String)
    /// A binary message.
    case binary(ByteBuffer)
    /// `5`: the client goes over to the probed transport.
    case upgrade
    /// `6`: nothing; it ends a poll.
    case noop

    /// Parses a text packet.
    ///
    /// - Parameter text: Type and content.
    package init?(text: Substring) {
        let content = String(text.dropFirst())
        switch text.utf8.first {
        case UInt8(ascii: "0"): self = .open(content)
        case UInt8(ascii: "1"): self = .close
        case UInt8(ascii: "2"): self = .ping(content)
        case UInt8(ascii: "3"): self = .pong(content)
        case UInt8(ascii: "4"): self = .text(content)
        case UInt8(ascii: "5"): self = .upgrade
        case UInt8(ascii: "6"): self = .noop
        default: return nil
        }
    }
}
