import HypeIngest
import Synchronization

/// The keys of the sessions that are open, in memory.
final class StreamKeyTable: StreamKeys {
    private struct Entry {
        var app: String
        var key: StreamKey
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Creates an empty table.
    init() {}

    /// Lets whoever knows the key publish into a session; replaces the session's former key.
    func set(_ key: StreamKey, app: String = "live", for session: String) {
        entries.withLock { $0[session] = Entry(app: app, key: key) }
    }

    /// Takes a session's key back; a publisher that is there stays.
    func remove(session: String) {
        entries.withLock { $0[session] = nil }
    }

    func session(app: String, key: StreamKey) async -> StreamKeyVerdict {
        let found = entries.withLock { entries in
            // Every key is compared, so that the time does not tell which one fits.
            entries.reduce(into: String?.none) { found, entry in
                let fits = entry.value.key.matches(key)
                if fits, entry.value.app == app { found = entry.key }
            }
        }
        return found.map { .session($0) } ?? .wrongKey
    }
}
