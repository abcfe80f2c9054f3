/// Limits and times of an ``EventSubSession``.
package struct EventSubSessionSettings: Hashable, Sendable {
    /// How long connecting and the welcome may take together.
    package var welcomeLimit: Duration = .seconds(15)
    /// Keepalive where the welcome does not say one, and the shortest and longest that is believed.
    package var keepalive: Duration = .seconds(10)
    /// What the keepalive is multiplied by to get the silence after which a connection is taken for dead, at least 1.
    package var keepaliveMargin = 1.2
    /// Pause before a subscription that failed for now is tried again; doubled each time, up to a minute.
    package var subscribePause: Duration = .seconds(2)
    /// Oldest event that is told.
    ///
    /// Source: <https://dev.twitch.tv/docs/eventsub/#guarding-against-replay-attacks>.
    package var oldestEvent: Duration = .seconds(600)
    /// Messages whose numbers are remembered, so that one that comes twice is told once.
    package var rememberedMessages = 8192
    /// Whether the server may send the client to an unencrypted address; only where the first one is not encrypted.
    package var allowsPlainReconnect = false
    /// Pauses between attempts to connect.
    package var backoff = ReconnectBackoff.Settings()

    /// Creates the default values.
    package init() {}
}
