package import HypeCore
package import HypeStore

/// A clip and the record of its deletion lie in two collections, and only replica sets have transactions over both. So the
/// record comes first and is marked as pending, then the clip goes, then the mark. A pending record is not listed; whichever
/// step the server or Hypeclip stopped at, whether the clip is still there tells what to do with it.
extension MongoStore {
    package func remove(_ id: String, recording deletion: Deletion) async throws(StoreError) -> Bool {
        var document = try Self.document(of: deletion)
        let confirmed = document
        document["pending"] = .string(id)
        let pending = document
        return try await pool.perform { database in
            guard try database.first(MongoCollection.clips, ["_id": .string(id)]) != nil else { return false }
            try database.insert(pending, into: MongoCollection.deletions)
            guard try database.delete(from: MongoCollection.clips, ["_id": .string(id)], isSingle: true) > 0 else {
                // Somebody else was quicker.
                try database.delete(from: MongoCollection.deletions, ["_id": .string(deletion.id)], isSingle: true)
                return false
            }
            try database.replace([confirmed], in: MongoCollection.deletions)
            return true
        }
    }

    /// Brings removals to an end that were cut short: where the clip is gone the record counts, else it never was.
    static func mendRemovals(in database: MongoDatabase) throws(StoreError) {
        while true {
            let filter: BSONDocument = ["pending": ["$exists": true]]
            let pending = try database.find(MongoCollection.deletions, filter, limit: 100).documents
            if pending.isEmpty { return }
            for var record in pending {
                let clip = record["pending"] ?? .null
                if try database.first(MongoCollection.clips, ["_id": clip]) == nil {
                    record["pending"] = nil
                    try database.replace([record], in: MongoCollection.deletions)
                } else {
                    // Only while it is pending: another process may be about to remove the clip and confirm.
                    let unconfirmed: BSONDocument = ["_id": record["_id"] ?? .null, "pending": clip]
                    try database.delete(from: MongoCollection.deletions, unconfirmed, isSingle: true)
                }
            }
        }
    }

    package func record(_ deletion: Deletion) async throws(StoreError) {
        let document = try Self.document(of: deletion)
        try await pool.perform { try $0.insert(document, into: MongoCollection.deletions) }
    }

    package func deletions(_ query: PageQuery) async throws(StoreError) -> Page<Deletion> {
        try await page(
            of: .deletions,
            in: MongoCollection.deletions,
            query,
            where: ["pending": ["$exists": false]]
        )
    }

    private static func document(of deletion: Deletion) throws(StoreError) -> BSONDocument {
        [
            "_id": .string(deletion.id), "created": .int64(StoreTime.milliseconds(deletion.time)),
            "document": .document(try BSONDocument(deletion)),
        ]
    }
}
