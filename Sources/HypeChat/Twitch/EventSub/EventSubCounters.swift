/// What an ``EventSubSession`` has seen so far.
package struct EventSubCounters: Hashable, Sendable {
    /// Messages of any kind.
    package var messages = 0
    /// Messages that could not be read.
    package var bad = 0
    /// Notifications and chat messages that had come before.
    package var repeated = 0
    /// Notifications that were too old.
    package var late = 0
    /// Sessions that were lost.
    package var losses = 0
    /// Times that the server had the client move and the move succeeded.
    package var moves = 0

    /// Creates zeroes.
    package init() {}
}
