package import NIOCore
internal import NIOWebSocket

/// What goes out, encoded once and shared by everyone who gets it.
///
/// It holds one text packet, or one Socket.IO packet with its attachments, framed for WebSocket. Copies share the bytes.
package struct WireMessage: Hashable, Sendable {
    /// One packet of Engine.IO.
    package enum Part: Hashable, Sendable {
        /// The packet's type and text.
        case text(ByteBuffer)
        /// The content of a binary message.
        case binary(ByteBuffer)
    }

    /// `2`: the server asks whether the client is there.
    package static let ping = WireMessage(text: "2")
    /// `1`: the server ends the session.
    package static let close = WireMessage(text: "1")
    /// `6`: ends a poll with nothing.
    package static let noop = WireMessage(text: "6")
    /// `3probe`: the new transport works.
    package static let probeAnswer = WireMessage(text: "3probe")

    /// The WebSocket frames of all parts.
    package let frames: ByteBuffer
    /// The packets, for polling.
    package let parts: [Part]

    /// How many bytes it takes on a WebSocket, frame heads included.
    package var byteCount: Int { frames.readableBytes }

    /// Creates a message of one text packet.
    ///
    /// - Parameter text: The packet's type and content.
    package init(text: String) {
        self.init(text: ByteBuffer(string: text), attachments: [])
    }

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - text: Type and content of the text packet; nil for a binary message alone.
    ///   - attachments: The binary messages that follow it.
    package init(text: ByteBuffer?, attachments: [ByteBuffer]) {
        var parts: [Part] = []
        var frames = ByteBuffer()
        frames.reserveCapacity(10 + (text?.readableBytes ?? 0) + attachments.reduce(0) { $0 + $1.readableBytes + 10 })
        if let text {
            parts.append(.text(text))
            frames.writeFrame(.text, payload: text)
        }
        for attachment in attachments {
            parts.append(.binary(attachment))
            frames.writeFrame(.binary, payload: attachment)
        }
        self.frames = frames
        self.parts = parts
    }
}
