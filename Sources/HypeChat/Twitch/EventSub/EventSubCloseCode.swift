/// Why Twitch closed a WebSocket of EventSub.
///
/// Source: <https://dev.twitch.tv/docs/eventsub/handling-websocket-events/#close-message>.
package enum EventSubCloseCode: Hashable, Sendable, CustomStringConvertible {
    case internalError
    case inboundTraffic
    case pingPong
    case unused
    case reconnectGraceExpired
    case networkTimeout
    case networkError
    case invalidReconnect
    /// Any other code of a WebSocket, such as 1006 of a broken connection.
    case other(Int)

    /// Reads the code of a close frame.
    package init(_ code: Int) {
        self =
            switch code {
            case 4000: .internalError
            case 4001: .inboundTraffic
            case 4002: .pingPong
            case 4003: .unused
            case 4004: .reconnectGraceExpired
            case 4005: .networkTimeout
            case 4006: .networkError
            case 4007: .invalidReconnect
            default: .other(code)
            }
    }

    package var description: String {
        switch self {
        case .internalError: "an error of Twitch's server (4000)"
        case .inboundTraffic: "the client sent something (4001)"
        case .pingPong: "the client did not answer pings (4002)"
        case .unused: "nothing was subscribed in time (4003)"
        case .reconnectGraceExpired: "the client did not move in time (4004)"
        case .networkTimeout: "a network timeout at Twitch (4005)"
        case .networkError: "a network error at Twitch (4006)"
        case .invalidReconnect: "the reconnect address was wrong or used before (4007)"
        case .other(let code): "close code \(code)"
        }
    }
}
