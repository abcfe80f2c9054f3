import HypeStore

/// The indices that answer the store's questions.
enum MongoIndices {
    /// Name of the index that lets events go.
    static let eventLifetime = "lifetime"

    /// Makes those that are missing, and changes the lifetime of events where it is another one now.
    static func create(in database: MongoDatabase, eventLifetime: Duration) throws(StoreError) {
        for (collection, indices) in lists {
            try database.createIndices(
                indices.map { fields in
                    let name = fields.joined(separator: "_")
                    let direction: BSONValue = fields.last == "up" ? 1 : -1
                    let key = fields.filter { $0 != "up" }
                        .map { BSONDocument.Field(name: $0, value: equal.contains($0) ? 1 : direction) }
                    return ["name": .string(name), "key": .document(BSONDocument(fields: key))]
                },
                on: collection
            )
        }
        let seconds = eventLifetime.components.seconds
        let index: BSONDocument = [
            "name": .string(Self.eventLifetime), "key": ["time": 1], "expireAfterSeconds": .int64(seconds),
        ]
        do {
            try database.createIndices([index], on: MongoCollection.events)
        } catch {
            guard case .said(_, let code)? = error.cause as? MongoFailure, MongoFailure.indexConflicts.contains(code)
            else { throw error }
            try database.changeLifetime(of: Self.eventLifetime, on: MongoCollection.events, seconds: seconds)
        }
    }

    /// Fields that are asked for with one value; the direction of the others is the order of the list.
    private static let equal: Set<String> = [
        "session", "channel", "keep", "kinds", "decision", "state", "webhook", "over",
    ]

    /// The fields of each index; `up` at the end where the list begins with the oldest.
    private static let lists: [(collection: String, indices: [[String]])] = [
        (
            MongoCollection.clips,
            [
                ["created", "_id"], ["session", "created", "_id"], ["channel", "created", "_id"],
                ["keep", "created", "_id"], ["kinds", "created", "_id"], ["channel", "kinds", "created", "_id"],
            ]
        ),
        (MongoCollection.deletions, [["created", "_id"]]),
        (MongoCollection.sessions, [["created", "_id"], ["over", "created", "_id", "up"]]),
        (
            MongoCollection.moments,
            [
                ["created", "_id"], ["session", "created", "_id"], ["decision", "created", "_id"],
                ["session", "decision", "created", "_id"],
            ]
        ),
        (MongoCollection.events, [["session", "_id", "up"]]),
        (MongoCollection.webhooks, [["created", "_id", "up"]]),
        (
            MongoCollection.deliveries,
            [["state", "created", "_id"], ["state", "due", "_id", "up"], ["webhook", "state", "due", "_id", "up"]]
        ),
    ]
}
