import CMongo
import HypeStore

/// Turns what libmongoc and the server say into the store's errors, with a remedy and without secrets.
enum MongoFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What libmongoc or the server said, and its code.
    case said(String, code: Int32)

    /// The server's code for a key that is taken.
    static let duplicateKey: Int64 = 11000
    /// The server's codes for an index that exists with other options.
    static let indexConflicts: Set<Int32> = [85, 86]
    /// The server's codes that pass by themselves: it shuts down, or another one of its set takes over.
    private static let passing: Set<Int32> = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]
    /// The server's codes for missing rights.
    private static let forbidden: Set<Int32> = [13, 18]

    var description: String {
        switch self {
        case .said(let message, let code): "\(message) (\(code))"
        }
    }

    /// The store's error for a failed command.
    static func storeError(_ failure: hype_mongo_failure, _ address: MongoAddress) -> StoreError {
        let bytes = withUnsafeBytes(of: failure.message) { $0.prefix { $0 != 0 }.map(\.self) }
        let cause = Self.said(address.redacting(String(decoding: bytes, as: UTF8.self)), code: failure.code)
        switch failure.origin {
        case HYPE_MONGO_NO_LIBRARY:
            return StoreError(
                .unavailable,
                "The MongoDB client library is missing. Install it (apt-get install libmongoc-1.0-0), or keep clips in SQLite.",
                cause: cause
            )
        case HYPE_MONGO_BAD_ADDRESS:
            return StoreError(
                .failed,
                "The connection string of the store is not understood: \(address). \(cause)",
                cause: cause
            )
        case HYPE_MONGO_NETWORK:
            return unreachable(address, cause)
        case HYPE_MONGO_REFUSED:
            return StoreError(
                .unavailable,
                "The MongoDB server at \(address) refused user or password. Check the connection string of the store.",
                cause: cause
            )
        case HYPE_MONGO_SERVER where Int64(failure.code) == duplicateKey:
            return StoreError(.duplicate, "The identifier is taken.", cause: cause)
        case HYPE_MONGO_SERVER where passing.contains(failure.code):
            return unreachable(address, cause)
        case HYPE_MONGO_SERVER where forbidden.contains(failure.code):
            return StoreError(
                .unavailable,
                "The user of \(address) may not do this. Give it the role readWrite on \(address.database).",
                cause: cause
            )
        case HYPE_MONGO_SERVER where failure.code == 14031:
            return StoreError(.full, "The disk of the MongoDB server at \(address) is full.", cause: cause)
        default:
            return StoreError(.failed, "The MongoDB server at \(address) refused a command.", cause: cause)
        }
    }

    private static func unreachable(_ address: MongoAddress, _ cause: Self) -> StoreError {
        StoreError(
            .unavailable,
            "The MongoDB server at \(address) cannot be reached. Check that it runs; what is asked for is tried anew each time.",
            cause: cause
        )
    }
}
