/// What a server counted since it was made; all but the first two only grow.
public struct SocketIOStatistics: Sendable, Hashable {
    /// Clients that are connected.
    public let clients: Int
    /// Of those, on a WebSocket, or about to be.
    public let webSockets: Int
    /// Packets that came from clients over WebSockets.
    public let receivedPackets: Int
    /// Messages written to clients, or queued for their next poll.
    public let sentMessages: Int
    /// Volatile messages that were skipped.
    public let skippedVolatile: Int
    /// Emits dropped because an event loop had too many before it.
    public let droppedEmits: Int
    /// Clients dropped because they did not take their messages.
    public let slowClients: Int
    /// Bytes that those clients never got.
    public let droppedBytes: Int
    /// Requests refused.
    public let refusedRequests: Int
}
