/// Why a session of EventSub ended.
package enum EventSubLoss: Hashable, Sendable, CustomStringConvertible {
    /// The server closed the connection.
    case closed(EventSubCloseCode)
    /// The connection could not be made or broke; what the network says.
    case broken(String)
    /// Nothing came for longer than the keepalive allows.
    case silent
    /// The welcome did not come in time.
    case noWelcome

    package var description: String {
        switch self {
        case .closed(let code): "Twitch closed the chat's connection: \(code)"
        case .broken(let reason): "the connection to Twitch's events broke: \(reason)"
        case .silent: "Twitch's events have gone silent"
        case .noWelcome: "Twitch did not welcome the connection"
        }
    }
}
