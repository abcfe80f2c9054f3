import Foundation
package import HypeStore

/// A store in a MongoDB database, for who has one.
///
/// Every operation is one command, or several whose order leaves a state that ``open(_:)`` can mend when they are cut short;
/// docs/store.md says which.
package struct MongoStore: ClipStore {
    let pool: MongoPool
    /// The highest number of an event that is known to be taken.
    let numbers: EventNumbers

    /// Connects, makes the indices that are missing and mends what was cut short.
    ///
    /// - Parameter settings: Where to.
    /// - Returns: A store that answers; after use, it must be closed.
    /// - Throws: ``StoreError``: `unavailable` where the server does not answer in time or libmongoc is missing.
    package static func open(_ settings: MongoSettings) async throws(StoreError) -> MongoStore {
        let pool = try MongoPool(settings)
        let numbers = EventNumbers()
        do {
            try await pool.perform { database in
                try database.ping()
                try MongoIndices.create(in: database, eventLifetime: settings.eventLifetime)
                try mendRemovals(in: database)
                try numbers.refresh(from: database)
            }
        } catch {
            await pool.close()
            throw error
        }
        return MongoStore(pool: pool, numbers: numbers)
    }

    // MARK: Life

    package func ping() async throws(StoreError) {
        try await pool.perform { try $0.ping() }
    }

    package func close() async {
        await pool.close()
    }

    /// Runs any command on the database, for administration.
    ///
    /// - Parameter command: The command; its first field is its name.
    /// - Returns: The server's reply.
    /// - Throws: ``StoreError`` where the server cannot be reached or says no.
    package func run(_ command: BSONDocument) async throws(StoreError) -> BSONDocument {
        try await pool.perform { try $0.pool.run(command).reply }
    }

    // MARK: Access

    /// A page of a list, the newest first.
    func page<Entry: Decodable & Sendable>(
        of list: PagePosition.List,
        in collection: String,
        _ query: PageQuery,
        where filter: BSONDocument = [:],
        since: Int64? = nil,
        until: Int64? = nil
    ) async throws(StoreError) -> Page<Entry> {
        var position = try PagePosition(of: query, in: list)
        if let until { position = min(position, PagePosition(time: until, id: "")) }
        let limit = PageQuery(limit: query.limit).limit
        var filter = filter
        var created: BSONDocument = [:]
        if let since { created["$gte"] = .int64(since) }
        if position != .beginning {
            created["$lte"] = .int64(position.time)
            filter["$or"] = [
                ["created": ["$lt": .int64(position.time)]],
                ["created": .int64(position.time), "_id": ["$lt": .string(position.id)]],
            ]
        }
        if !created.fields.isEmpty { filter["created"] = .document(created) }
        let wanted = filter
        // One more than asked for, to know whether there is another page.
        let (found, isCut) = try await pool.perform { database in
            try database.find(collection, wanted, sort: ["created": -1, "_id": -1], limit: limit + 1)
        }
        let shown = found.prefix(limit)
        var next: String?
        if found.count > limit || isCut, let last = shown.last {
            next = PagePosition(time: last["created"]?.integer ?? 0, id: last["_id"]?.text ?? "").cursor(of: list)
        }
        return Page(items: try Self.decode(Array(shown)), next: next)
    }

    /// All entries that fit conditions, the oldest first, up to a limit.
    func oldest<Entry: Decodable & Sendable>(
        in collection: String,
        where filter: BSONDocument = [:],
        by time: String = "created",
        limit: Int = .max
    ) async throws(StoreError) -> [Entry] {
        let documents = try await pool.perform { database in
            try Self.oldest(in: collection, where: filter, by: time, limit: limit, database)
        }
        return try Self.decode(documents)
    }

    private static func oldest(
        in collection: String,
        where filter: BSONDocument,
        by time: String,
        limit: Int,
        _ database: MongoDatabase
    ) throws(StoreError) -> [BSONDocument] {
        let portion = 500
        var documents: [BSONDocument] = []
        while documents.count < limit {
            var filter = filter
            if let last = documents.last, let id = last["_id"], let reached = last[time] {
                filter["$or"] = [[time: ["$gt": reached]], [time: reached, "_id": ["$gt": id]]]
            }
            let count = min(portion, limit - documents.count)
            let (found, isCut) = try database.find(collection, filter, sort: [time: 1, "_id": 1], limit: count)
            documents += found
            if found.isEmpty || (found.count < count && !isCut) { break }
        }
        return documents
    }

    /// The entry with an identifier.
    func entry<Entry: Decodable & Sendable>(_ id: String, in collection: String) async throws(StoreError) -> Entry? {
        let document = try await pool.perform { try $0.first(collection, ["_id": .string(id)]) }
        guard let document else { return nil }
        let entries: [Entry] = try Self.decode([document])
        return entries.first
    }

    /// The values that documents hold.
    static func decode<Entry: Decodable>(_ documents: [BSONDocument]) throws(StoreError) -> [Entry] {
        let decoder = StoreCoding.decoder()
        var entries: [Entry] = []
        for document in documents {
            guard let content = document["document"]?.document else {
                throw StoreError(.corrupt, "A document of the store holds nothing. Restore a backup, or remove it.")
            }
            entries.append(try content.value(Entry.self, with: decoder))
        }
        return entries
    }
}

/// The names of the collections.
enum MongoCollection {
    static let clips = "clips"
    static let deletions = "deletions"
    static let sessions = "sessions"
    static let moments = "moments"
    static let events = "events"
    static let counters = "counters"
    static let webhooks = "webhooks"
    static let deliveries = "deliveries"
}
