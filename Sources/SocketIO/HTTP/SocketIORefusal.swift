/// Thrown by a hook to turn a client away.
public struct SocketIORefusal: Error, Sendable, Hashable {
    /// What the client is told.
    public let message: String
    /// More for the client; only a refused namespace carries it.
    public let data: SocketIOValue?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - message: What the client is told; it must not carry secrets.
    ///   - data: More for the client.
    public init(_ message: String, data: SocketIOValue? = nil) {
        self.message = message
        self.data = data
    }
}
