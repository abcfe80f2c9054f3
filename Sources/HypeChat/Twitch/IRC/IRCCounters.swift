/// What an ``IRCSession`` has seen so far.
package struct IRCCounters: Hashable, Sendable {
    /// Complete lines.
    package var lines = 0
    /// Lines that are no IRC, or lack a part that they must have.
    package var bad = 0
    /// Lines that were longer than allowed and therefore thrown away.
    package var oversized = 0
    /// Messages that had come before.
    package var repeated = 0
    /// Connections that were lost.
    package var losses = 0

    /// Creates zeroes.
    package init() {}
}
