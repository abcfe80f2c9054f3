package import Foundation
package import HypeCore
package import HypeStore

extension InMemoryStore {
    package func append(
        _ kind: EventKind,
        session: String?,
        payload: Data,
        at time: Date
    ) async throws(StoreError) -> EventRecord {
        try check()
        lastNumber += 1
        let record = EventRecord(
            id: lastNumber,
            time: MemoryPosition.rounded(time),
            kind: kind,
            sessionId: session,
            payload: payload
        )
        log.append(record)
        return record
    }

    package func events(after id: Int64, session: String?, limit: Int) async throws(StoreError) -> [EventRecord] {
        try check()
        let start = log.partitioningIndex { $0.id > id }
        return Array(
            log[start...].lazy.filter { session == nil || $0.sessionId == session }.prefix(min(max(1, limit), 1000))
        )
    }

    package func lastEvent() async throws(StoreError) -> Int64 {
        try check()
        return lastNumber
    }

    package func forgetEvents(before time: Date) async throws(StoreError) {
        try check()
        log.removeAll { $0.time < time }
        deliveriesById = deliveriesById.filter { $0.value.state == .pending || $0.value.event.time >= time }
    }

    package func save(_ webhook: Webhook) async throws(StoreError) {
        try check()
        webhooksById[webhook.id] = webhook
    }

    package func webhooks() async throws(StoreError) -> [Webhook] {
        try check()
        return webhooksById.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    package func removeWebhook(_ id: String) async throws(StoreError) -> Bool {
        try check()
        guard webhooksById.removeValue(forKey: id) != nil else { return false }
        deliveriesById = deliveriesById.filter { $0.value.webhookId != id || $0.value.state != .pending }
        return true
    }

    package func save(_ delivery: Delivery) async throws(StoreError) {
        try check()
        // A pending one is kept only while there is somebody to deliver it to.
        guard delivery.state != .pending || webhooksById[delivery.webhookId] != nil else { return }
        put(delivery)
    }

    package func enqueue(_ deliveries: [Delivery], position: Int64) async throws(StoreError) {
        try check()
        for delivery in deliveries
        where deliveriesById[delivery.id] == nil && webhooksById[delivery.webhookId] != nil { put(delivery) }
        self.position = position
    }

    package func deliveryPosition() async throws(StoreError) -> Int64? {
        try check()
        return position
    }

    package func dueDeliveries(at time: Date, limit: Int) async throws(StoreError) -> [Delivery] {
        try check()
        return due(at: time, limit: limit) { _ in true }
    }

    package func dueDeliveries(
        of webhook: String,
        at time: Date,
        limit: Int
    ) async throws(StoreError) -> [Delivery] {
        try check()
        return due(at: time, limit: limit) { $0.webhookId == webhook }
    }

    package func deliveries(in state: Delivery.State, _ query: PageQuery) async throws(StoreError) -> Page<Delivery> {
        try check()
        return try page(deliveriesById.values.filter { $0.state == state }, query, list: "deliveries") { delivery in
            MemoryPosition(time: delivery.event.time, id: delivery.id)
        }
    }

    private func due(at time: Date, limit: Int, where condition: (Delivery) -> Bool) -> [Delivery] {
        let due = deliveriesById.values.filter { $0.state == .pending && $0.dueAt <= time && condition($0) }
        return Array(
            due.sorted { ($0.dueAt, $0.event.id, $0.id) < ($1.dueAt, $1.event.id, $1.id) }.prefix(max(0, limit))
        )
    }
}

extension Array {
    /// The index of the first element that fulfils a condition which all elements after it fulfil too.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
