import Foundation
package import HypeChat

/// Keeps a login in a file that only its owner can read.
///
/// The file is replaced as a whole, so a crash leaves the old pair or the new one, never half of one.
package struct TwitchTokenStore: Sendable {
    /// Largest file that is read, in bytes.
    private static let largestFile = 64 * 1024
    private static let name = "login.json"

    /// What tells one content of the file from another without reading it; nil where there is no file.
    package struct Version: Hashable, Sendable {
        let inode: UInt64
        let seconds: Int
        let nanoseconds: Int
    }

    private struct Document: Codable {
        var access: String
        var refresh: String?
        var expires: Double
        var scopes: [String]
    }

    private let folder: String
    private var file: String { folder + "/" + Self.name }

    /// Creates a store; nothing is written before the first login.
    ///
    /// - Parameter folder: A folder of its own; it is made where it does not exist, for its owner only.
    package init(folder: String) {
        self.folder = folder
    }

    /// What tells the present content of the file from another.
    package var version: Version? {
        var status = stat()
        guard lstat(file, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Version(inode: UInt64(status.st_ino), seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    /// Reads the login.
    ///
    /// - Returns: Nil where there is none.
    /// - Throws: ``TwitchFailure/Code/storage`` where the file cannot be read or is not a login.
    package func load() throws(TwitchFailure) -> TwitchTokens? {
        let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read")
        }
        defer { close(descriptor) }
        // A file that was copied here may be open to others.
        guard fchmod(descriptor, 0o600) == 0 else { throw failure("protect") }
        var bytes = [UInt8](repeating: 0, count: Self.largestFile)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { read(descriptor, $0 + count, buffer.count - count) } ?? 0
            }
            if got == 0 { break }
            guard got > 0 else { throw failure("read") }
            count += got
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes[..<count])),
            !document.access.isEmpty
        else { throw TwitchFailure(.storage, "\(file) does not hold a login; delete it and log in to Twitch again") }
        return TwitchTokens(
            access: TwitchSecret(document.access),
            refresh: document.refresh.map { TwitchSecret($0) },
            expires: Date(timeIntervalSince1970: document.expires),
            scopes: document.scopes
        )
    }

    /// Writes a login in place of the one that is there.
    ///
    /// When this returns, the login is on the disk.
    ///
    /// - Parameter tokens: The login.
    /// - Throws: ``TwitchFailure/Code/storage``; the old login is untouched then.
    package func save(_ tokens: TwitchTokens) throws(TwitchFailure) {
        let document = Document(
            access: tokens.access.revealed,
            refresh: tokens.refresh?.revealed,
            expires: tokens.expires.timeIntervalSince1970,
            scopes: tokens.scopes
        )
        guard let data = try? JSONEncoder().encode(document) else {
            throw TwitchFailure(.storage, "the login cannot be written as text")
        }
        try makeFolder()
        let draft = "\(file).\(UInt64.random(in: .min ... .max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write") }
        do throws(TwitchFailure) {
            defer { close(descriptor) }
            try write(Array(data), to: descriptor)
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, file) == 0 else {
            let failure = failure("replace")
            unlink(draft)
            throw failure
        }
        syncFolder()
    }

    /// Forgets the login; there need not be one.
    ///
    /// - Throws: ``TwitchFailure/Code/storage``.
    package func forget() throws(TwitchFailure) {
        guard unlink(file) == 0 || errno == ENOENT else { throw failure("delete") }
        syncFolder()
    }

    private func makeFolder() throws(TwitchFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw TwitchFailure(.storage, "the folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        guard chmod(folder, 0o700) == 0 else { throw failure("protect the folder of") }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(TwitchFailure) {
        // The mask of the process may have taken away more than it should, never less.
        guard fchmod(descriptor, 0o600) == 0 else { throw failure("protect") }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write") }
            offset += count
        }
        guard fsync(descriptor) == 0 else { throw failure("write") }
    }

    /// Puts the change of name on the disk; a failure here costs at most a login after a power cut.
    private func syncFolder() {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func failure(_ verb: String) -> TwitchFailure {
        TwitchFailure(.storage, "cannot \(verb) \(file): \(String(cString: strerror(errno)))")
    }
}
