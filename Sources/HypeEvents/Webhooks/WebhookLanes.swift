package import Foundation

/// Who is being sent to, and who is waited for.
///
/// A pure state machine. Each webhook has its own places; a receiver that asks for patience is left alone as a whole.
package struct WebhookLanes: Sendable {
    private let places: Int
    private var underWay: [String: Set<String>] = [:]
    private var pauses: [String: Date] = [:]

    /// Creates lanes with nothing under way.
    ///
    /// - Parameter places: Deliveries to one webhook at the same time, at least 1.
    package init(places: Int) {
        self.places = max(1, places)
    }

    /// Deliveries that are under way.
    package var count: Int { underWay.values.reduce(0) { $0 + $1.count } }

    /// How many deliveries may be asked for, so that free places can be filled even if those under way come up again.
    ///
    /// - Parameters:
    ///   - webhook: Identifier of the webhook.
    ///   - now: The wall clock.
    /// - Returns: 0 where no place is free or the receiver asked for patience.
    package func demand(of webhook: String, at now: Date) -> Int {
        let busy = underWay[webhook]?.count ?? 0
        if let until = pauses[webhook], now < until { return 0 }
        return busy < places ? places : 0
    }

    /// Takes a place for a delivery.
    ///
    /// - Returns: False where no place is free or the delivery is under way already.
    package mutating func start(_ delivery: String, of webhook: String) -> Bool {
        guard (underWay[webhook]?.count ?? 0) < places else { return false }
        return underWay[webhook, default: []].insert(delivery).inserted
    }

    /// Gives a place back.
    package mutating func finish(_ delivery: String, of webhook: String) {
        underWay[webhook]?.remove(delivery)
        if underWay[webhook]?.isEmpty == true { underWay[webhook] = nil }
    }

    /// Leaves a receiver alone until a time.
    package mutating func pause(_ webhook: String, until: Date) {
        pauses[webhook] = max(until, pauses[webhook] ?? until)
    }

    /// Forgets pauses that are over or belong to webhooks that are gone.
    package mutating func forget(allBut webhooks: Set<String>, at now: Date) {
        pauses = pauses.filter { webhooks.contains($0.key) && $0.value > now }
    }
}
