import CMongo
import Foundation
import HypeStore
import NIOPosix
import Synchronization

/// Connections to a MongoDB server and the threads that wait for its replies, so that no task of the program does.
///
/// The only owner of the C handle; ``close()`` must be called before it goes away.
final class MongoPool: Sendable {
    /// Who may run its commands next to others, and who must wait for the one before.
    enum Lane {
        /// As many at once as there are connections; more wait in a queue.
        case wide
        /// One after the other.
        case narrow
    }

    private let handle: hype_mongo_pool
    private let address: MongoAddress
    private let wide: NIOThreadPool
    private let narrow: NIOThreadPool
    private let isClosed = Mutex(false)

    /// Prepares connections; connects to nothing yet.
    ///
    /// - Parameter settings: Where to, and how many.
    /// - Throws: ``StoreError`` where libmongoc is missing or does not understand the connection string.
    init(_ settings: MongoSettings) throws(StoreError) {
        address = settings.address
        var failure = hype_mongo_failure()
        // One more than the wide lane has threads, for the narrow one.
        handle = hype_mongo_open(
            settings.address.secret,
            Int32(settings.patience / .milliseconds(1)),
            UInt32(settings.connections + 1),
            &failure
        )
        guard handle != 0 else { throw MongoFailure.storeError(failure, settings.address) }
        wide = NIOThreadPool(numberOfThreads: settings.connections)
        narrow = NIOThreadPool(numberOfThreads: 1)
        wide.start()
        narrow.start()
    }

    /// Runs commands on a thread that may be kept waiting.
    ///
    /// - Parameters:
    ///   - lane: Whether others may run at the same time.
    ///   - body: Runs commands on the database.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``StoreError`` where the pool is closed or the task was cancelled before its turn.
    func perform<Value: Sendable>(
        on lane: Lane = .wide,
        _ body: @escaping @Sendable (MongoDatabase) throws -> Value
    ) async throws(StoreError) -> Value {
        let threads =
            switch lane {
            case .wide: wide
            case .narrow: narrow
            }
        do {
            return try await threads.runIfActive { try body(MongoDatabase(pool: self)) }
        } catch let error as StoreError {
            throw error
        } catch {
            // The threads take no work once they are told to end, and say the same as when a caller gave up.
            throw isClosed.withLock(\.self)
                ? StoreError(.unavailable, "The store is closed.", cause: error)
                : StoreError(.failed, "The caller was cancelled; nothing was changed.", cause: error)
        }
    }

    /// Runs one command and waits for the reply.
    ///
    /// - Parameter command: The command; its first field is its name.
    /// - Returns: The reply, and its size in bytes.
    /// - Throws: ``StoreError`` where the server cannot be reached or says no.
    func run(_ command: BSONDocument) throws(StoreError) -> (reply: BSONDocument, bytes: Int) {
        let request: [UInt8]
        do {
            request = try command.encoded()
        } catch {
            throw StoreError(.failed, "A value cannot be stored: \(error).", cause: error)
        }
        var reply: UnsafeMutablePointer<UInt8>?
        var length = 0
        var failure = hype_mongo_failure()
        defer { free(reply) }
        guard hype_mongo_command(handle, address.database, request, request.count, &reply, &length, &failure) else {
            throw MongoFailure.storeError(failure, address)
        }
        do {
            let document = try BSONDocument(bytes: Array(UnsafeBufferPointer(start: reply, count: length)))
            return (document, length)
        } catch {
            throw StoreError(.corrupt, "The server at \(address) sent a reply that is no BSON.", cause: error)
        }
    }

    /// Waits for the commands under way, then closes all connections; does nothing the second time.
    func close() async {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        for threads in [wide, narrow] {
            do {
                try await threads.shutdownGracefully()
            } catch {
                // Only the threads that all programs share refuse to end, and these are our own; were they to go on, the
                // connections would have to stay for them.
                return
            }
        }
        hype_mongo_close(handle)
    }
}
