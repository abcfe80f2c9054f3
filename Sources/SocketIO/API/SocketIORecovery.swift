/// How long and how much is kept for clients that lose their connection, so that they can go on where they were.
///
/// A client that comes back in time gets its id and rooms back, and every event that it missed. Events with an
/// acknowledgement and volatile ones are not kept.
public struct SocketIORecovery: Sendable, Hashable {
    /// How long a client may be away.
    public var maximumDisconnection: Duration
    /// How many events are kept per namespace.
    public var maximumPackets: Int
    /// How many bytes of events are kept per namespace.
    public var maximumBytes: Int
    /// How many clients that are away are remembered per namespace.
    public var maximumSessions: Int

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - maximumDisconnection: How long a client may be away; two minutes by default.
    ///   - maximumPackets: How many events are kept per namespace.
    ///   - maximumBytes: How many bytes of events are kept per namespace.
    ///   - maximumSessions: How many clients that are away are remembered per namespace.
    public init(
        maximumDisconnection: Duration = .seconds(120),
        maximumPackets: Int = 10_000,
        maximumBytes: Int = 16 << 20,
        maximumSessions: Int = 10_000
    ) {
        self.maximumDisconnection = maximumDisconnection
        self.maximumPackets = maximumPackets
        self.maximumBytes = maximumBytes
        self.maximumSessions = maximumSessions
    }
}
