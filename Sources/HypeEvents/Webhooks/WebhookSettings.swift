/// How events are sent to webhooks.
package struct WebhookSettings: Hashable, Sendable {
    /// Webhooks that there may be, at least 1.
    package var webhooks = 32
    /// Deliveries to one webhook that may be under way at the same time, at least 1.
    ///
    /// Each webhook has its own places, so that a slow one cannot take those of others; all in all at most
    /// ``webhooks`` times as many are under way.
    package var places = 2
    /// When an attempt that failed is repeated.
    package var retry = RetrySchedule()
    /// How long a name may take to be resolved.
    package var resolveLimit: Duration = .seconds(5)
    /// How long a connection may take.
    package var connectLimit: Duration = .seconds(3)
    /// How long an attempt may take from the connection to the end of the answer.
    package var replyLimit: Duration = .seconds(10)
    /// Bytes of an answer that are read; the rest is not waited for.
    package var replyBytes = 16_384
    /// How often the store is asked for what is due, at the latest.
    package var poll: Duration = .seconds(2)
    /// Whether loopback and private addresses may be sent to, such as a receiver at home.
    ///
    /// Link-local, multicast and reserved addresses are never sent to; the addresses at which clouds hand out
    /// credentials are among them.
    package var allowsPrivate = false

    /// Creates settings with default values.
    package init() {}
}
