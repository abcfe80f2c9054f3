/// How a server behaves.
///
/// The defaults are the official server's, where it has the same setting.
public struct SocketIOConfiguration: Sendable {
    /// The path of all requests; slashes at both ends are added where missing.
    public var path = "/socket.io/"
    /// Time between two pings.
    ///
    /// More than zero.
    public var pingInterval = Duration.seconds(25)
    /// Time in which a client must answer a ping.
    ///
    /// More than zero.
    public var pingTimeout = Duration.seconds(20)
    /// Time in which a client must complete an upgrade to a WebSocket.
    ///
    /// More than zero.
    public var upgradeTimeout = Duration.seconds(10)
    /// Time in which a client must join a first namespace.
    ///
    /// More than zero.
    public var connectTimeout = Duration.seconds(45)
    /// The largest body of a POST and the largest WebSocket message, in bytes; 1 … 2³¹.
    public var maximumPayload = 1_000_000
    /// How many attachments one packet of a client may have.
    public var maximumAttachments = 10
    /// How many bytes may wait for one client, in bytes, at least 64 KiB.
    ///
    /// A client for which more would wait is disconnected with ``SocketIODisconnectReason/slowClient``: nothing is
    /// buffered without end. Volatile events are skipped long before, as soon as the client's socket takes no more.
    public var maximumUnsentBytes = 1 << 20
    /// How many acknowledgements may be awaited of one client; more fail with ``SocketIOError/overloaded``.
    public var maximumPendingAcks = 1000
    /// How many emits may wait for an event loop; more are dropped and counted, or fail with
    /// ``SocketIOError/overloaded`` when they await an acknowledgement.
    public var maximumQueuedEmits = 100_000
    /// The transports that are offered.
    public var transports = SocketIOTransport.allCases
    /// Which web pages of other origins may connect.
    public var origins = SocketIOOrigins()
    /// Lets clients that lost their connection go on where they were; nil, the default, for not.
    public var recovery: SocketIORecovery?
    /// Decides about every handshake before a session exists; throw to turn the client away with status 403.
    ///
    /// It runs on an event loop and must not block. A token can be in a header or in the query; the payload of CONNECT is
    /// known only later, see ``SocketIONamespace/admit(_:)``.
    public var admit: (@Sendable (SocketIOHandshake) throws(SocketIORefusal) -> Void)?

    /// Creates the default settings.
    public init() {}

    var engine: EngineConfiguration {
        var engine = EngineConfiguration()
        engine.path = "/" + path.split(separator: "/").map { $0 + "/" }.joined()
        engine.pingInterval = pingInterval.timeAmount
        engine.pingTimeout = pingTimeout.timeAmount
        engine.upgradeTimeout = upgradeTimeout.timeAmount
        engine.maximumPayload = maximumPayload
        engine.maximumUnsentBytes = maximumUnsentBytes
        engine.transports = transports
        engine.origins = origins
        engine.admit = admit
        return engine
    }

    func checkRanges() {
        let times = [pingInterval, pingTimeout, upgradeTimeout, connectTimeout]
        precondition(times.allSatisfy { $0 > .zero }, "times must be more than zero")
        precondition((1...1 << 31).contains(maximumPayload), "maximumPayload must be 1 … 2³¹")
        precondition(maximumUnsentBytes >= 1 << 16, "maximumUnsentBytes must be at least 64 KiB")
        precondition(
            maximumAttachments >= 0 && maximumPendingAcks >= 0 && maximumQueuedEmits > 0,
            "must not be negative"
        )
        precondition(!transports.isEmpty, "at least one transport must be offered")
    }
}
