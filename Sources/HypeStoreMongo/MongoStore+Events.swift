package import Foundation
package import HypeCore
package import HypeStore

extension MongoStore {
    // MARK: Events

    package func append(
        _ kind: EventKind,
        session: String?,
        payload: Data,
        at time: Date
    ) async throws(StoreError)
        -> EventRecord
    {
        var document: BSONDocument = [
            "_id": .null, "time": .date(StoreTime.milliseconds(time)), "kind": .string(kind.rawValue),
            "payload": .binary(payload),
        ]
        if let session { document["session"] = .string(session) }
        let event = document
        let id = try await pool.perform(on: .narrow) { try numbers.append(event, to: $0) }
        return EventRecord(id: id, time: StoreTime.rounded(time), kind: kind, sessionId: session, payload: payload)
    }

    package func events(after id: Int64, session: String?, limit: Int) async throws(StoreError) -> [EventRecord] {
        let limit = min(max(limit, 1), 1000)
        let documents = try await pool.perform { database in
            var documents: [BSONDocument] = []
            var reached = BSONValue.int64(id)
            while documents.count < limit {
                var filter: BSONDocument = ["_id": ["$gt": reached]]
                if let session { filter["session"] = .string(session) }
                let (found, isCut) = try database.find(
                    MongoCollection.events,
                    filter,
                    sort: ["_id": 1],
                    limit: limit - documents.count
                )
                documents += found
                guard isCut, let last = found.last?["_id"] else { break }
                reached = last
            }
            return documents
        }
        var events: [EventRecord] = []
        for document in documents { events.append(try Self.event(of: document)) }
        return events
    }

    private static func event(of document: BSONDocument) throws(StoreError) -> EventRecord {
        guard let id = document["_id"]?.integer, case .date(let time)? = document["time"],
            let kind = document["kind"]?.text.flatMap(EventKind.init), case .binary(let payload)? = document["payload"]
        else {
            throw StoreError(.corrupt, "An event cannot be understood; perhaps a newer version of Hypeclip wrote it.")
        }
        return EventRecord(
            id: id,
            time: StoreTime.date(time),
            kind: kind,
            sessionId: document["session"]?.text,
            payload: payload
        )
    }

    package func lastEvent() async throws(StoreError) -> Int64 {
        try await pool.perform { try numbers.refresh(from: $0) }
    }

    package func forgetEvents(before time: Date) async throws(StoreError) {
        let time = StoreTime.milliseconds(time)
        try await pool.perform { database in
            // The counter first, so that no number is forgotten with its event.
            try numbers.refresh(from: database)
            try database.delete(from: MongoCollection.events, ["time": ["$lt": .date(time)]])
            try database.delete(
                from: MongoCollection.deliveries,
                ["state": ["$in": ["delivered", "dead"]], "created": ["$lt": .int64(time)]]
            )
        }
    }

    // MARK: Webhooks

    package func save(_ webhook: Webhook) async throws(StoreError) {
        let document: BSONDocument = [
            "_id": .string(webhook.id), "created": .int64(StoreTime.milliseconds(webhook.createdAt)),
            "document": .document(try BSONDocument(webhook)),
        ]
        try await pool.perform { try $0.replace([document], in: MongoCollection.webhooks) }
    }

    package func webhooks() async throws(StoreError) -> [Webhook] {
        try await oldest(in: MongoCollection.webhooks)
    }

    package func removeWebhook(_ id: String) async throws(StoreError) -> Bool {
        try await pool.perform { database in
            // In this order, so that a delivery that is saved meanwhile finds the webhook gone or is removed here.
            let count = try database.delete(from: MongoCollection.webhooks, ["_id": .string(id)], isSingle: true)
            try database.delete(from: MongoCollection.deliveries, ["webhook": .string(id), "state": "pending"])
            return count > 0
        }
    }

    package func save(_ delivery: Delivery) async throws(StoreError) {
        let document = try Self.document(of: delivery)
        try await pool.perform { database in
            try database.replace([document], in: MongoCollection.deliveries)
            // A pending one is only kept while there is somebody to deliver it to.
            guard delivery.state == .pending,
                try database.first(MongoCollection.webhooks, ["_id": .string(delivery.webhookId)]) == nil
            else { return }
            try database.delete(from: MongoCollection.deliveries, ["_id": .string(delivery.id)], isSingle: true)
        }
    }

    package func dueDeliveries(at time: Date, limit: Int) async throws(StoreError) -> [Delivery] {
        try await oldest(
            in: MongoCollection.deliveries,
            where: ["state": "pending", "due": ["$lte": .int64(StoreTime.milliseconds(time))]],
            by: "due",
            limit: max(0, limit)
        )
    }

    package func dueDeliveries(
        of webhook: String,
        at time: Date,
        limit: Int
    ) async throws(StoreError) -> [Delivery] {
        try await oldest(
            in: MongoCollection.deliveries,
            where: [
                "webhook": .string(webhook), "state": "pending", "due": ["$lte": .int64(StoreTime.milliseconds(time))],
            ],
            by: "due",
            limit: max(0, limit)
        )
    }

    package func deliveryPosition() async throws(StoreError) -> Int64? {
        try await pool.perform { database in
            try database.first(MongoCollection.counters, Self.deliveryCounter)?["last"]?.integer
        }
    }

    /// Adds the deliveries first and moves the position then: a crash in between has the same deliveries added again, which
    /// changes nothing.
    package func enqueue(_ deliveries: [Delivery], position: Int64) async throws(StoreError) {
        var documents: [BSONDocument] = []
        for delivery in deliveries { documents.append(try Self.document(of: delivery)) }
        let added = documents
        try await pool.perform { database in
            for document in added {
                let webhook: BSONDocument = ["_id": document["webhook"] ?? .null]
                guard try database.first(MongoCollection.webhooks, webhook) != nil else { continue }
                try database.insertOnce(document, into: MongoCollection.deliveries)
            }
            _ = try database.change(
                MongoCollection.counters,
                Self.deliveryCounter,
                ["$set": ["last": .int64(position)]],
                upsert: true
            )
        }
    }

    private static let deliveryCounter: BSONDocument = ["_id": "deliveries"]

    private static func document(of delivery: Delivery) throws(StoreError) -> BSONDocument {
        [
            "_id": .string(delivery.id), "created": .int64(StoreTime.milliseconds(delivery.event.time)),
            "webhook": .string(delivery.webhookId), "state": .string(delivery.state.rawValue),
            "due": .int64(StoreTime.milliseconds(delivery.dueAt)), "document": .document(try BSONDocument(delivery)),
        ]
    }

    package func deliveries(
        in state: Delivery.State,
        _ query: PageQuery
    ) async throws(StoreError) -> Page<Delivery> {
        try await page(
            of: .deliveries,
            in: MongoCollection.deliveries,
            query,
            where: ["state": .string(state.rawValue)]
        )
    }
}
