/// How reading a chat goes.
package enum TwitchChatState: Hashable, Sendable, CustomStringConvertible {
    /// By what a chat is read.
    package enum Route: String, Hashable, Sendable {
        case eventSub = "EventSub"
        case irc = "IRC"
    }

    /// It is read.
    case connected(Route)
    /// It is read, but not as it should be; why.
    case degraded(Route, reason: String)
    /// It is not read for now; why. Attempts go on.
    case missing(reason: String)

    /// Whether messages arrive.
    package var isReading: Bool {
        if case .missing = self { false } else { true }
    }

    package var description: String {
        switch self {
        case .connected(let route): "reads the chat by \(route.rawValue)"
        case .degraded(let route, let reason): "reads the chat by \(route.rawValue): \(reason)"
        case .missing(let reason): "does not read the chat: \(reason)"
        }
    }
}
