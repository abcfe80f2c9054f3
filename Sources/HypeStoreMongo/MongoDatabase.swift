import Foundation
import HypeStore

/// The commands that the store needs; each blocks its thread until the reply is there.
///
/// Writes are acknowledged once the majority of the servers has them in its journal. What may be repeated without harm is
/// repeated once when the connection broke, since a server that was restarted leaves broken connections behind.
struct MongoDatabase {
    /// The connections.
    let pool: MongoPool

    private static let writeConcern: BSONValue = ["w": "majority", "j": true]
    /// A reply of this size may have been cut short by the server, whose limit is 16 MiB.
    private static let nearlyFullReply = 8 << 20

    // MARK: Reading

    /// Whether the server answers.
    func ping() throws(StoreError) {
        _ = try repeatable(["ping": 1])
    }

    /// Documents of a collection.
    ///
    /// - Parameters:
    ///   - collection: Its name.
    ///   - filter: The conditions.
    ///   - sort: Names of the fields to sort by, with 1 or -1.
    ///   - limit: At most so many, at least 1.
    /// - Returns: The documents, and whether the server may have left some out because they are big.
    /// - Throws: ``StoreError`` where the server cannot be reached or says no.
    func find(
        _ collection: String,
        _ filter: BSONDocument,
        sort: BSONDocument = [:],
        limit: Int
    ) throws(StoreError) -> (documents: [BSONDocument], isCut: Bool) {
        var command: BSONDocument = ["find": .string(collection), "filter": .document(filter)]
        if !sort.fields.isEmpty { command["sort"] = .document(sort) }
        command["limit"] = .int64(Int64(limit))
        command["batchSize"] = .int64(Int64(limit))
        command["singleBatch"] = true
        let (reply, bytes) = try repeatable(command)
        let batch = try Self.batch(of: reply)
        return (batch.compactMap(\.document), bytes >= Self.nearlyFullReply && batch.count < limit)
    }

    /// One document, or nil.
    func first(
        _ collection: String,
        _ filter: BSONDocument,
        sort: BSONDocument = [:]
    ) throws(StoreError) -> BSONDocument? {
        try find(collection, filter, sort: sort, limit: 1).documents.first
    }

    /// The documents that the stages of a pipeline make; few.
    func aggregate(_ collection: String, _ pipeline: [BSONDocument]) throws(StoreError) -> [BSONDocument] {
        let (reply, _) = try repeatable([
            "aggregate": .string(collection), "pipeline": .array(pipeline.map(BSONValue.document)), "cursor": [:],
        ])
        return try Self.batch(of: reply).compactMap(\.document)
    }

    // MARK: Writing

    /// Adds a document.
    ///
    /// - Throws: ``StoreError`` with `duplicate` where its `_id` is taken.
    func insert(_ document: BSONDocument, into collection: String) throws(StoreError) {
        try write(["insert": .string(collection), "documents": [.document(document)]])
    }

    /// Adds a document unless there is one with its identifier, such as from before a crash.
    func insertOnce(_ document: BSONDocument, into collection: String) throws(StoreError) {
        do throws(StoreError) {
            try insert(document, into: collection)
        } catch {
            guard error.code == .duplicate else { throw error }
        }
    }

    /// Adds documents or replaces those with their `_id`.
    func replace(_ documents: [BSONDocument], in collection: String) throws(StoreError) {
        let updates = documents.map { document -> BSONValue in
            ["q": ["_id": document["_id"] ?? .null], "u": .document(document), "upsert": true]
        }
        let command: BSONDocument = ["update": .string(collection), "updates": .array(updates)]
        do {
            try write(command, isRepeatable: true)
        } catch  where error.code == .duplicate {
            // Two that add the same document at once: one of them loses and replaces now.
            try write(command, isRepeatable: true)
        }
    }

    /// Changes one document as update operators say, and returns it as it is afterwards; nil where there is none.
    func change(
        _ collection: String,
        _ filter: BSONDocument,
        _ update: BSONDocument,
        upsert: Bool = false
    ) throws(StoreError) -> BSONDocument? {
        let (reply, _) = try repeatable([
            "findAndModify": .string(collection), "query": .document(filter), "update": .document(update),
            "new": true, "upsert": .bool(upsert), "writeConcern": Self.writeConcern,
        ])
        return reply["value"]?.document
    }

    /// Removes documents.
    ///
    /// - Parameters:
    ///   - collection: Where from.
    ///   - filter: Which.
    ///   - isSingle: Whether at most one is removed.
    /// - Returns: How many there were.
    /// - Throws: ``StoreError`` where the server cannot be reached or says no.
    @discardableResult
    func delete(from collection: String, _ filter: BSONDocument, isSingle: Bool = false) throws(StoreError) -> Int64 {
        let deletes: BSONValue = [["q": .document(filter), "limit": .int64(isSingle ? 1 : 0)]]
        return try write(["delete": .string(collection), "deletes": deletes])["n"]?.integer ?? 0
    }

    // MARK: Administration

    /// Makes indices where they are missing.
    func createIndices(_ indices: [BSONDocument], on collection: String) throws(StoreError) {
        _ = try repeatable([
            "createIndexes": .string(collection), "indexes": .array(indices.map(BSONValue.document)),
        ])
    }

    /// Changes after how many seconds an index lets documents go.
    func changeLifetime(of index: String, on collection: String, seconds: Int64) throws(StoreError) {
        _ = try repeatable([
            "collMod": .string(collection), "index": ["name": .string(index), "expireAfterSeconds": .int64(seconds)],
        ])
    }

    // MARK: Running

    private func repeatable(_ command: BSONDocument) throws(StoreError) -> (reply: BSONDocument, bytes: Int) {
        do {
            return try pool.run(command)
        } catch  where error.code == .unavailable {
            return try pool.run(command)
        }
    }

    @discardableResult
    private func write(_ command: BSONDocument, isRepeatable: Bool = false) throws(StoreError) -> BSONDocument {
        var command = command
        command["writeConcern"] = Self.writeConcern
        let (reply, _) = try isRepeatable ? repeatable(command) : pool.run(command)
        if let error = reply["writeErrors"]?.elements?.first?.document {
            let cause = MongoFailure.said(
                error["errmsg"]?.text ?? "write error",
                code: Int32(truncatingIfNeeded: error["code"]?.integer ?? 0)
            )
            guard error["code"]?.integer == MongoFailure.duplicateKey else {
                throw StoreError(.failed, "The MongoDB server refused to write.", cause: cause)
            }
            throw StoreError(.duplicate, "The identifier is taken.", cause: cause)
        }
        if let error = reply["writeConcernError"]?.document {
            let message = error["errmsg"]?.text ?? "write concern error"
            throw StoreError(
                .unavailable,
                "The MongoDB server wrote, but cannot promise to keep it. Check its journal and its set.",
                cause: MongoFailure.said(message, code: Int32(truncatingIfNeeded: error["code"]?.integer ?? 0))
            )
        }
        return reply
    }

    private static func batch(of reply: BSONDocument) throws(StoreError) -> [BSONValue] {
        guard let batch = reply["cursor"]?.document?["firstBatch"]?.elements else {
            throw StoreError(.corrupt, "The MongoDB server sent a reply that is not understood.")
        }
        return batch
    }
}
