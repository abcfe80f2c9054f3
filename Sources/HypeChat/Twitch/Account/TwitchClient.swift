/// The program as Twitch knows it, and where Twitch's services are.
package struct TwitchClient: Hashable, Sendable {
    /// Where Twitch's services are.
    package struct Endpoints: Hashable, Sendable {
        /// OAuth.
        package var id = "https://id.twitch.tv/oauth2"
        /// The API.
        package var helix = "https://api.twitch.tv/helix"
        /// EventSub over WebSocket.
        package var eventSub = "wss://eventsub.wss.twitch.tv/ws"
        /// IRC over WebSocket (`wss`) or over TLS (`ircs://host:port`).
        package var irc = "wss://irc-ws.chat.twitch.tv:443"

        /// Twitch itself.
        package init() {}
    }

    /// The number of the program, from Twitch's developer console; empty where there is none.
    package var id: String
    /// The program's secret; nil for a public program.
    package var secret: TwitchSecret?
    /// Where Twitch's services are.
    package var endpoints: Endpoints

    /// Creates a client.
    package init(id: String, secret: TwitchSecret? = nil, endpoints: Endpoints = Endpoints()) {
        self.id = id
        self.secret = secret
        self.endpoints = endpoints
    }

    /// A request to the API on behalf of an account.
    func helix(
        _ method: TwitchCall.Method,
        _ path: String,
        query: [(String, String)] = [],
        token: TwitchSecret
    )
        -> TwitchCall
    {
        TwitchCall(method, endpoints.helix + path, query: query)
            .header("Client-Id", id)
            .header("Authorization", "Bearer \(token.revealed)")
    }
}
