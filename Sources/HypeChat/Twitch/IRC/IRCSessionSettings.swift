/// Limits and times of an ``IRCSession``.
package struct IRCSessionSettings: Hashable, Sendable {
    /// Silence after which the server is asked whether it is still there.
    package var silence: Duration = .seconds(10)
    /// How long the answer to that may take.
    package var pongLimit: Duration = .seconds(5)
    /// How long connecting and logging in may take together.
    package var loginLimit: Duration = .seconds(15)
    /// How long the server may take to say that a channel was joined.
    package var joinLimit: Duration = .seconds(15)
    /// Pause before joining a channel is tried again.
    package var rejoinPause: Duration = .seconds(60)
    /// Joins within ``joinWindow``, at least 1.
    ///
    /// Source: <https://dev.twitch.tv/docs/chat/#rate-limits>, 20 per 10 s for an ordinary account.
    package var joinsPerWindow = 20
    /// See ``joinsPerWindow``.
    package var joinWindow: Duration = .seconds(10)
    /// Longest line in bytes; IRCv3 allows 8191 bytes of tags, a message of 500 characters may have 2000.
    package var longestLine = 16 * 1024
    /// Messages whose numbers are remembered, so that one that comes twice is told once.
    package var rememberedMessages = 8192
    /// Pauses between attempts to connect.
    package var backoff = ReconnectBackoff.Settings()

    /// Creates the default values.
    package init() {}
}
