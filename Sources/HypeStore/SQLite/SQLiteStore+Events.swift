package import Foundation
import GRDB
package import HypeCore

extension SQLiteStore {
    // MARK: Events

    package func append(
        _ kind: EventKind,
        session: String?,
        payload: Data,
        at time: Date
    ) async throws(StoreError)
        -> EventRecord
    {
        let id = try await write { database in
            let statement = try database.cachedStatement(
                sql: "INSERT INTO event (time, kind, session, payload) VALUES (?, ?, ?, ?)"
            )
            try statement.execute(arguments: [
                StoreTime.milliseconds(time), kind.rawValue, session.map(ColumnText.escaped), payload,
            ])
            return database.lastInsertedRowID
        }
        return EventRecord(id: id, time: StoreTime.rounded(time), kind: kind, sessionId: session, payload: payload)
    }

    package func events(after id: Int64, session: String?, limit: Int) async throws(StoreError) -> [EventRecord] {
        let selection = SQLiteSelection.events(after: id, session: session, limit: min(max(limit, 1), 1000))
        return try await read { database in
            let statement = try database.cachedStatement(sql: selection.sql)
            var events: [EventRecord] = []
            let rows = try Row.fetchCursor(statement, arguments: selection.arguments)
            while let row = try rows.next() {
                guard let kind = EventKind(rawValue: row[2]) else {
                    throw StoreError(.corrupt, "An event is of a kind that only a newer version of Hypeclip knows.")
                }
                let session: String? = row[3]
                events.append(
                    EventRecord(
                        id: row[0],
                        time: StoreTime.date(row[1]),
                        kind: kind,
                        sessionId: session.map(ColumnText.unescaped),
                        payload: row[4]
                    )
                )
            }
            return events
        }
    }

    package func lastEvent() async throws(StoreError) -> Int64 {
        try await read { database in
            try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
        }
    }

    package func forgetEvents(before time: Date) async throws(StoreError) {
        let time = StoreTime.milliseconds(time)
        try await write { database in
            try database.execute(sql: "DELETE FROM event WHERE time < ?", arguments: [time])
            try database.execute(
                sql: "DELETE FROM delivery INDEXED BY delivery_over WHERE state <> 'pending' AND created < ?",
                arguments: [time]
            )
        }
    }

    // MARK: Webhooks

    package func save(_ webhook: Webhook) async throws(StoreError) {
        let document = try text(of: webhook)
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO webhook (id, created, document) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET created = excluded.created, document = excluded.document
                    """,
                arguments: [ColumnText.escaped(webhook.id), StoreTime.milliseconds(webhook.createdAt), document]
            )
        }
    }

    package func webhooks() async throws(StoreError) -> [Webhook] {
        try await entries(.webhooks())
    }

    package func removeWebhook(_ id: String) async throws(StoreError) -> Bool {
        let id = ColumnText.escaped(id)
        return try await write { database in
            try database.execute(sql: "DELETE FROM webhook WHERE id = ?", arguments: [id])
            guard database.changesCount > 0 else { return false }
            try database.execute(
                sql: "DELETE FROM delivery INDEXED BY delivery_webhook WHERE webhook = ? AND state = 'pending'",
                arguments: [id]
            )
            return true
        }
    }

    package func save(_ delivery: Delivery) async throws(StoreError) {
        let document = try text(of: delivery)
        try await write { database in
            // A pending one is only kept while there is somebody to deliver it to.
            try database.execute(
                sql: """
                    INSERT INTO delivery (id, created, webhook, state, due, document)
                    SELECT ?1, ?2, ?3, ?4, ?5, ?6
                    WHERE ?4 <> 'pending' OR EXISTS (SELECT 1 FROM webhook WHERE id = ?3)
                    ON CONFLICT (id) DO UPDATE SET created = excluded.created, webhook = excluded.webhook,
                    state = excluded.state, due = excluded.due, document = excluded.document
                    """,
                arguments: [
                    ColumnText.escaped(delivery.id), StoreTime.milliseconds(delivery.event.time),
                    ColumnText.escaped(delivery.webhookId),
                    delivery.state.rawValue, StoreTime.milliseconds(delivery.dueAt), document,
                ]
            )
        }
    }

    package func dueDeliveries(at time: Date, limit: Int) async throws(StoreError) -> [Delivery] {
        try await entries(.dueDeliveries(at: StoreTime.milliseconds(time), limit: max(0, limit)))
    }

    package func dueDeliveries(
        of webhook: String,
        at time: Date,
        limit: Int
    ) async throws(StoreError) -> [Delivery] {
        try await entries(.dueDeliveries(of: webhook, at: StoreTime.milliseconds(time), limit: max(0, limit)))
    }

    package func deliveryPosition() async throws(StoreError) -> Int64? {
        try await read { database in
            try Int64.fetchOne(database, sql: "SELECT event FROM delivery_position WHERE id = 1")
        }
    }

    package func enqueue(_ deliveries: [Delivery], position: Int64) async throws(StoreError) {
        var rows: [StatementArguments] = []
        for delivery in deliveries {
            rows.append([
                ColumnText.escaped(delivery.id), StoreTime.milliseconds(delivery.event.time),
                ColumnText.escaped(delivery.webhookId), delivery.state.rawValue,
                StoreTime.milliseconds(delivery.dueAt), try text(of: delivery),
            ])
        }
        let added = rows
        try await write { database in
            for arguments in added {
                try database.execute(
                    sql: """
                        INSERT INTO delivery (id, created, webhook, state, due, document)
                        SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM webhook WHERE id = ?3)
                        ON CONFLICT (id) DO NOTHING
                        """,
                    arguments: arguments
                )
            }
            try database.execute(
                sql: """
                    INSERT INTO delivery_position (id, event) VALUES (1, ?)
                    ON CONFLICT (id) DO UPDATE SET event = excluded.event
                    """,
                arguments: [position]
            )
        }
    }

    package func deliveries(
        in state: Delivery.State,
        _ query: PageQuery
    ) async throws(StoreError) -> Page<Delivery> {
        try await page(of: .deliveries, query) { _, position, limit in
            .page(
                of: "delivery",
                by: "delivery_state",
                where: [("state", state.rawValue)],
                after: position,
                limit: limit
            )
        }
    }
}
