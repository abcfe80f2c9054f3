package import HypeChat

/// Everything that can be set about Twitch.
package struct TwitchSettings: Hashable, Sendable {
    /// How a chat is read.
    package enum Transport: String, Hashable, Sendable, CaseIterable {
        /// By EventSub where somebody is logged in, else by IRC as a guest.
        case automatic
        /// By IRC only: as the account where the login allows `chat:read`, else as a guest.
        case irc
    }

    /// The program as Twitch knows it, and where Twitch's services are; without a client ID nobody can log in.
    package var client: TwitchClient
    /// How a chat is read.
    package var transport = Transport.automatic
    /// What a login is asked to allow.
    package var scopes = ["user:read:chat", "clips:edit"]
    /// Events that wait for a slow reader, at least 1; the oldest are dropped for new ones and counted.
    package var bufferedEvents = 10_000
    /// How long a connection may take until both sides speak the same protocol.
    package var connectLimit: Duration = .seconds(10)
    /// How long an HTTP request may take.
    package var requestLimit: Duration = .seconds(15)
    /// How often a new login is looked for.
    package var loginCheck: Duration = .seconds(3)
    /// How long IRC stands in before EventSub is tried again after a passing failure.
    package var fallbackPause: Duration = .seconds(60)
    /// Times of IRC.
    package var irc = IRCSessionSettings()
    /// Times of EventSub.
    package var eventSub = EventSubSessionSettings()

    /// Creates settings.
    package init(client: TwitchClient = TwitchClient(id: "")) {
        self.client = client
    }
}
