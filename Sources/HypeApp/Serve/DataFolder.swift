import Foundation
import SystemPackage

/// The folder of everything that a server keeps, held by one server at a time.
struct DataFolder: ~Copyable {
    /// Absolute path.
    let path: String
    private let lock: FileDescriptor

    /// Makes the folder where it is missing, and takes hold of it.
    ///
    /// - Parameter path: Where it is; relative paths begin at the working folder.
    /// - Throws: ``AppFailure`` where it cannot be used, or another server uses it.
    init(path: String) throws {
        let url = URL(filePath: path).standardizedFileURL
        let lock: FileDescriptor
        do {
            try FileManager.default.createDirectory(
                at: url,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            lock = try FileDescriptor.open(
                FilePath(url.path + "/lock"),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw AppFailure(.failed, "the data folder \(url.path) cannot be used: \(error.localizedDescription)")
        }
        // Released by the system when the process ends, however it ends.
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? lock.close()
            throw AppFailure(
                .failed,
                "another server uses \(url.path); end it, or give this one its own folder with --data-dir"
            )
        }
        self.path = url.path
        self.lock = lock
    }

    deinit { try? lock.close() }

    /// The database.
    var database: String { path + "/hypeclip.sqlite" }
    /// What clients sent.
    var uploads: String { path + "/uploads" }
    /// What live streams keep on disk while they run.
    var spools: String { path + "/spool" }
    /// What was learned of channels.
    var channels: String { path + "/channels" }
    /// The login to Twitch.
    var twitch: String { Self.twitch(in: path) }
    /// Where a login to Twitch is kept, also while a server holds the folder.
    static func twitch(in path: String) -> String { URL(filePath: path).standardizedFileURL.path + "/twitch" }
    /// The keys of encoders.
    var streamKeys: String { path + "/stream-keys.json" }
    /// What is being made.
    var work: String { path + "/work" }
}
