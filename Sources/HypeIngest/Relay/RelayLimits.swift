/// How much of a session's stream is kept for a reader that comes, or comes back.
package struct RelayLimits: Hashable, Sendable {
    /// Media time that is kept at least while a reader is there, in whole groups of pictures.
    package var span: Duration
    /// Bytes that are kept at most; without a reader everything is kept up to here.
    package var bytes: Int
    /// Bytes that a reader may be behind, beyond what was kept when it came, before it is dropped.
    package var backlog: Int
    /// Media time after which a stream counts as having sound alone, or picture alone.
    ///
    /// Three times that where the encoder announced the missing track, half where it announced only the other one.
    package var settle: Duration

    /// Creates limits; by default 6 s, 16 MiB (28 s at 4.5 Mbit/s), 16 MiB and 1 s.
    package init(
        span: Duration = .seconds(6),
        bytes: Int = 16 << 20,
        backlog: Int = 16 << 20,
        settle: Duration = .seconds(1)
    ) {
        self.span = span
        self.bytes = max(1 << 16, bytes)
        self.backlog = max(1 << 16, backlog)
        self.settle = settle
    }
}
