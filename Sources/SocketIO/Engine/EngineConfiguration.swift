package import NIOCore

/// What the transports need to know; a part of ``SocketIOConfiguration``.
package struct EngineConfiguration: Sendable {
    /// The path of all requests, beginning and ending with a slash.
    package var path = "/socket.io/"
    /// Time between two pings.
    package var pingInterval = TimeAmount.seconds(25)
    /// Time in which a ping must be answered.
    package var pingTimeout = TimeAmount.seconds(20)
    /// Time in which an upgrade must be complete.
    package var upgradeTimeout = TimeAmount.seconds(10)
    /// The largest body of a POST and the largest WebSocket message, in bytes.
    package var maximumPayload = 1_000_000
    /// How many bytes may wait for one client before it is dropped.
    package var maximumUnsentBytes = 1 << 20
    /// Which transports are offered.
    package var transports = SocketIOTransport.allCases
    /// Which pages of other origins may connect.
    package var origins = SocketIOOrigins()
    /// Decides about a handshake.
    package var admit: (@Sendable (SocketIOHandshake) throws(SocketIORefusal) -> Void)?

    package init() {}
}
