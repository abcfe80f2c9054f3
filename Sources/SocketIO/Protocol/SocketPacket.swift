/// A packet of the Socket.IO protocol, revision 5.
package struct SocketPacket: Hashable, Sendable {
    /// What a packet says.
    package enum Content: Hashable, Sendable {
        /// Join the namespace, with credentials; or, from the server, joined.
        case connect(SocketIOValue?)
        /// Leave the namespace.
        case disconnect
        /// An event: its name and arguments.
        case event(String, [SocketIOValue])
        /// The answer to an event.
        case ack([SocketIOValue])
        /// The namespace cannot be joined.
        case connectError(SocketIOValue)
    }

    /// The namespace, beginning with a slash.
    package var namespace: String
    /// What it says.
    package var content: Content
    /// The number that ties an event to its answer.
    package var ackID: Int?

    /// Creates a packet.
    ///
    /// - Parameters:
    ///   - content: What it says.
    ///   - namespace: The namespace.
    ///   - ackID: The number that ties an event to its answer.
    package init(_ content: Content, namespace: String = "/", ackID: Int? = nil) {
        self.content = content
        self.namespace = namespace
        self.ackID = ackID
    }
}
