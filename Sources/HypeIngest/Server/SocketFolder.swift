internal import Foundation

/// The folder in which the sockets of the sessions lie.
enum SocketFolder {
    /// Bytes that a socket's path may have: 108 with its end on Linux, 104 on macOS, and some to spare.
    static let longestPath = 100

    /// Makes the folder where it is missing, for this user alone.
    ///
    /// - Throws: ``IngestFailure`` where it cannot be made or is open to others.
    static func prepare(_ folder: String) throws(IngestFailure) {
        let mode: Int
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let attributes = try FileManager.default.attributesOfItem(atPath: folder)
            mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        } catch {
            throw IngestFailure(.folder, "The folder \(folder) for sockets cannot be made; name another.", cause: error)
        }
        guard mode & 0o077 == 0 else {
            throw IngestFailure(.folder, "The folder \(folder) is open to other users; chmod it to 0700.")
        }
    }

    /// The path of a socket in the folder.
    ///
    /// - Throws: ``IngestFailure`` where it would be too long.
    static func path(_ name: String, in folder: String) throws(IngestFailure) -> String {
        let path = folder + "/" + name + ".sock"
        guard path.utf8.count <= longestPath else {
            throw IngestFailure(.pathTooLong, "The path \(path) has over \(longestPath) bytes; name a shorter folder.")
        }
        return path
    }

    /// Takes all rights of others from a socket.
    static func protect(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Removes a socket's file; one that is gone already is fine.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
