import HypeStore
import Synchronization

/// Gives events their numbers.
///
/// A number is taken by inserting the event under it, so that nobody ever sees an event while one with a smaller number is
/// still to come. A counter keeps the highest number for the time when the events themselves are forgotten.
final class EventNumbers: Sendable {
    private static let counter: BSONDocument = ["_id": "events"]
    private let highest = Mutex<Int64>(0)

    /// Asks the database for the highest number, and keeps it in the counter.
    @discardableResult
    func refresh(from database: MongoDatabase) throws(StoreError) -> Int64 {
        let event = try database.first(MongoCollection.events, [:], sort: ["_id": -1])?["_id"]?.integer ?? 0
        let kept = try database.first(MongoCollection.counters, Self.counter)?["last"]?.integer ?? 0
        if event > kept { try keep(event, in: database) }
        let number = max(event, kept)
        highest.withLock { $0 = max($0, number) }
        return number
    }

    /// Adds an event under the next number.
    ///
    /// Only one thread of the process may be in here at a time; other processes are told apart by the number being taken.
    ///
    /// - Returns: The number.
    func append(_ event: BSONDocument, to database: MongoDatabase) throws(StoreError) -> Int64 {
        var event = event
        while true {
            let number = highest.withLock { $0 } + 1
            event["_id"] = .int64(number)
            do {
                try database.insert(event, into: MongoCollection.events)
            } catch  where error.code == .duplicate {
                try refresh(from: database)
                continue
            }
            highest.withLock { $0 = number }
            try keep(number, in: database)
            return number
        }
    }

    private func keep(_ number: Int64, in database: MongoDatabase) throws(StoreError) {
        _ = try database.change(
            MongoCollection.counters,
            Self.counter,
            ["$max": ["last": .int64(number)]],
            upsert: true
        )
    }
}
