/// Why a connection to the chat server ended.
package enum IRCLoss: Hashable, Sendable, CustomStringConvertible {
    /// It could not be made or broke; what the network says.
    case broken(String)
    /// The server asked to connect anew.
    case serverAsked
    /// The server said nothing for too long, not even when asked.
    case silent
    /// Logging in took too long.
    case loginTooSlow
    /// The server does not tell what is needed (tags and commands).
    case capabilitiesRefused

    package var description: String {
        switch self {
        case .broken(let reason): "the connection to the chat broke: \(reason)"
        case .serverAsked: "the chat server asked to connect anew"
        case .silent: "the chat server does not answer any more"
        case .loginTooSlow: "the chat server did not answer the login"
        case .capabilitiesRefused: "the chat server refuses to send tags"
        }
    }
}
