/// How a client is connected.
public enum SocketIOTransport: String, Sendable, Hashable, CaseIterable {
    /// HTTP long polling.
    case polling
    /// A WebSocket.
    case webSocket = "websocket"
}
