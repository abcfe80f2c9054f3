/// What has become of deliveries since the start.
package struct WebhookStatistics: Hashable, Sendable {
    /// Attempts under way.
    package var underWay = 0
    /// Attempts that ended, well or badly.
    package var attempts: Int64 = 0
    /// Deliveries that arrived.
    package var delivered: Int64 = 0
    /// Deliveries that were given up.
    package var dead: Int64 = 0
    /// Webhooks that were removed because their receiver said that it is gone.
    package var unsubscribed: Int64 = 0

    /// Creates statistics of a sender that has not sent anything.
    package init() {}
}
