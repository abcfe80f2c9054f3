import HypeCore
package import HypeStore

/// A store that forgets everything at the end of the program; for tests.
///
/// Keeps the whole contract. On request it fails, and it lets a test wait for a delivery to come into a state.
package actor InMemoryStore: ClipStore {
    var clipsById: [String: Clip] = [:]
    var deletionsById: [String: Deletion] = [:]
    var sessionsById: [String: Session] = [:]
    var momentsByKey: [MomentKey: MomentRecord] = [:]
    var log: [EventRecord] = []
    var lastNumber: Int64 = 0
    var webhooksById: [String: Webhook] = [:]
    var deliveriesById: [String: Delivery] = [:]
    var position: Int64?
    var outage: StoreError?
    var outageOfDeletions: StoreError?
    private var watchers: [Watcher] = []

    private struct Watcher {
        let condition: @Sendable (Delivery) -> Bool
        let continuation: CheckedContinuation<Delivery, Never>
    }

    struct MomentKey: Hashable {
        var session: String
        var id: Int
    }

    /// Creates an empty store.
    package init() {}

    // MARK: For tests

    /// Makes every call fail until it is called with nil.
    package func fail(with error: StoreError?) { outage = error }

    /// Makes recording a deletion fail until it is called with nil.
    package func failDeletions(with error: StoreError?) { outageOfDeletions = error }

    /// Waits until a delivery that was saved fulfils a condition.
    package func delivery(where condition: @escaping @Sendable (Delivery) -> Bool) async -> Delivery {
        if let delivery = deliveriesById.values.first(where: condition) { return delivery }
        return await withCheckedContinuation { watchers.append(Watcher(condition: condition, continuation: $0)) }
    }

    /// All deliveries, ordered by event and webhook.
    package func allDeliveries() -> [Delivery] {
        deliveriesById.values.sorted { ($0.event.id, $0.webhookId) < ($1.event.id, $1.webhookId) }
    }

    func put(_ delivery: Delivery) {
        deliveriesById[delivery.id] = delivery
        let done = watchers.filter { $0.condition(delivery) }
        watchers.removeAll { $0.condition(delivery) }
        for watcher in done { watcher.continuation.resume(returning: delivery) }
    }

    // MARK: Life

    func check() throws(StoreError) {
        if let outage { throw outage }
        // Databases give up when the task that asks is cancelled.
        if Task.isCancelled { throw StoreError(.failed, "the task was cancelled") }
    }

    package func ping() async throws(StoreError) { try check() }

    package func close() async {}

    /// A page out of a list.
    ///
    /// - Parameters:
    ///   - items: The whole list in any order.
    ///   - query: Which page.
    ///   - list: The name of the list, for its cursors.
    ///   - position: What the list is sorted by, descending; unique.
    /// - Returns: The page.
    /// - Throws: ``StoreError`` where the cursor is none of ours.
    func page<Element>(
        _ items: some Sequence<Element>,
        _ query: PageQuery,
        list: String,
        position: (Element) -> MemoryPosition
    ) throws(StoreError) -> Page<Element> {
        var sorted = items.map { (position($0), $0) }.sorted { $0.0 > $1.0 }[...]
        if let cursor = query.cursor {
            let last = try MemoryPosition(cursor, of: list)
            sorted = sorted.drop { $0.0 >= last }
        }
        let limit = min(max(query.limit, PageQuery.limits.lowerBound), PageQuery.limits.upperBound)
        let taken = sorted.prefix(limit)
        let next = sorted.count > taken.count ? taken.last?.0.cursor(of: list) : nil
        return Page(items: taken.map(\.1), next: next)
    }
}
