/// Why a client is gone.
public enum SocketIODisconnectReason: String, Sendable, Hashable {
    /// The connection broke, or the client closed it.
    case transportClose = "transport close"
    /// The client broke the rules of its transport.
    case transportError = "transport error"
    /// The client did not answer a ping in time.
    case pingTimeout = "ping timeout"
    /// The client sent something that cannot be read.
    case parseError = "parse error"
    /// The server closed the connection.
    case forcedClose = "forced close"
    /// The server shuts down.
    case serverShuttingDown = "server shutting down"
    /// The client left the namespace.
    case clientLeft = "client namespace disconnect"
    /// The server took the client out of the namespace.
    case serverLeft = "server namespace disconnect"
    /// The client did not take its messages in time; see ``SocketIOConfiguration/maximumUnsentBytes``.
    case slowClient = "slow client"
    /// The client joined no namespace in time.
    case connectTimeout = "connect timeout"
}
