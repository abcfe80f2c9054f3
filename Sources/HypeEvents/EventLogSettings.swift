/// Limits of the event log.
package struct EventLogSettings: Hashable, Sendable {
    /// Events that may wait for one subscriber, 1…100,000.
    package var capacity: Int
    /// Entries that are read from the store at once when a subscriber comes back, 1…1,000.
    package var page: Int

    /// Creates limits.
    package init(capacity: Int = 1024, page: Int = 200) {
        self.capacity = min(max(1, capacity), 100_000)
        self.page = min(max(1, page), 1000)
    }
}

/// What has become of the events since the start.
package struct EventStatistics: Hashable, Sendable {
    /// Subscribers now.
    package var subscribers = 0
    /// Events that were published.
    package var published: Int64 = 0
    /// Gauges that one subscriber was not told because it read too slowly or had not caught up yet.
    package var dropped: Int64 = 0
    /// Subscribers that were ended because they read too slowly.
    package var ended: Int64 = 0
    /// Times at which the store began to refuse events.
    package var outages: Int64 = 0
    /// Events that were to be kept and reached nobody but the subscribers of that moment, because the store refused them.
    package var unkept: Int64 = 0

    /// Creates statistics of an empty log.
    package init() {}
}
