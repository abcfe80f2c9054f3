import Foundation
import GRDB

/// Turns what SQLite says into the store's errors, with a remedy.
enum SQLiteFailure {
    /// The store's error for any error of an access.
    static func storeError(_ error: any Error, path: String) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError: storeError(error, path: path)
        case is CancellationError:
            StoreError(.failed, "The caller was cancelled; nothing was changed.", cause: error)
        default:
            StoreError(
                .unavailable,
                "The database \(path) cannot be opened. Check that its folder exists and may be written.",
                cause: error
            )
        }
    }

    private static func storeError(_ error: DatabaseError, path: String) -> StoreError {
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
            return StoreError(.duplicate, "The identifier is taken.", cause: error)
        default: break
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            return StoreError(
                .full,
                "The disk of \(path) is full; nothing was changed. Free some space, or let clips be deleted earlier.",
                cause: error
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(
                .unavailable,
                "Another program holds the database \(path). Close it, or try again later.",
                cause: error
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError(
                .corrupt,
                "\(path) is damaged or no database. Stop the server, then restore a backup, or save what can be read: "
                    + "sqlite3 \(path) .recover | sqlite3 new.sqlite",
                cause: error
            )
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_MISUSE:
            return StoreError(
                .unavailable,
                "The database \(path) cannot be used. Check that the disk is there and that the file may be written.",
                cause: error
            )
        default:
            return StoreError(.failed, "The database refused a statement; this is a mistake in Hypeclip.", cause: error)
        }
    }
}
