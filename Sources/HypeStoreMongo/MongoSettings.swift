/// How the MongoDB store is reached.
package struct MongoSettings: Sendable {
    /// The connection string.
    package var address: MongoAddress
    /// How long a server is looked for before an operation answers `unavailable`, 50 ms…1 min.
    ///
    /// What the connection string says (`serverSelectionTimeoutMS`) comes first.
    package var patience: Duration
    /// How many commands may run at once, 1…64; each has a thread and a connection.
    package var connections: Int
    /// How long the database keeps events before it forgets them by itself, at least a minute.
    package var eventLifetime: Duration

    /// Creates settings; values outside their ranges are moved into them.
    package init(
        address: MongoAddress,
        patience: Duration = .seconds(2),
        connections: Int = 8,
        eventLifetime: Duration = .seconds(30 * 86400)
    ) {
        self.address = address
        self.patience = min(max(patience, .milliseconds(50)), .seconds(60))
        self.connections = min(max(connections, 1), 64)
        self.eventLifetime = min(max(eventLifetime, .seconds(60)), .seconds(Int64(Int32.max)))
    }
}
