import Crypto
package import Foundation
package import HypeCatalogue
import Synchronization

/// A model file that is still arriving, under its name with `.part` behind it.
///
/// Hashes what is written. What an interrupted pull left is continued. One process at a time has it, by a lock that ends
/// with the process. The file takes its own name only when it is whole and the hash is right.
package final class PartialFile: Sendable {
    private struct State {
        var hasher = SHA256()
        var count: Int64 = 0
        var isClosed = false
    }

    /// Where the file will lie.
    package let destination: URL

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Opens or continues a file.
    ///
    /// - Parameter destination: Where it will lie; the folder is made where it is missing.
    /// - Throws: ``AppFailure`` that says what is in the way, or `CancellationError`.
    package init(destination: URL) throws {
        self.destination = destination
        let folder = destination.deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw AppFailure(.failed, "The folder \(folder) cannot be made. \(Self.otherFolder)")
        }
        let path = Self.path(for: destination)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(errno, writing: destination) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            state.withLock { $0.isClosed = true }
            Self.close(descriptor)
            throw AppFailure(.failed, "\(path) is being written by another `hypeclip models pull`; wait for it to end.")
        }
        do {
            try takeInWhatIsThere()
        } catch {
            close()
            throw error
        }
    }

    deinit {
        close()
    }

    /// Lets go of the file, so that another pull can go on with it; an empty one is removed.
    ///
    /// A connection that is winding down may hold this object for a while, but cannot write any more.
    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            if state.count == 0 { discard() }
            Self.close(descriptor)
        }
    }

    private static func close(_ descriptor: Int32) { _ = Foundation.close(descriptor) }

    /// Bytes that are there.
    package var count: Int64 { state.withLock { $0.count } }

    /// Appends bytes.
    ///
    /// - Throws: ``AppFailure``, for a full disk with what would help.
    package func append(_ data: Data) throws {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.failure(EBADF, writing: destination) }
            try data.withUnsafeBytes { bytes in
                var rest = bytes
                while !rest.isEmpty {
                    let written = write(descriptor, rest.baseAddress, rest.count)
                    if written < 0, errno == EINTR { continue }
                    guard written >= 0 else { throw Self.failure(errno, writing: destination) }
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                }
            }
            state.hasher.update(data: data)
            state.count += Int64(data.count)
        }
    }

    /// Begins anew.
    package func restart() throws {
        try state.withLock { state in
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
                throw Self.failure(errno, writing: destination)
            }
            state.hasher = SHA256()
            state.count = 0
        }
    }

    /// Removes the file.
    package func discard() { unlink(Self.path(for: destination)) }

    /// What the bytes that are there amount to.
    package var facts: FileFacts {
        state.withLock { FileFacts(bytes: $0.count, sha256: $0.hasher.finalize().hexadecimal) }
    }

    /// Gives the file its name, replacing what had it.
    ///
    /// - Parameters:
    ///   - expected: What it must be; otherwise it is removed.
    ///   - origin: Where it came from, for the message.
    /// - Throws: ``AppFailure`` with both hashes where it is something else.
    package func finish(_ expected: FileFacts, origin: String) throws {
        let found = facts
        guard found == expected else {
            discard()
            throw AppFailure(
                .failed,
                """
                What came from \(origin) is not the expected file; it was removed again and nothing was installed.
                  expected SHA-256 \(expected.sha256) (\(expected.bytes) bytes)
                  found    SHA-256 \(found.sha256) (\(found.bytes) bytes)
                """
            )
        }
        guard fsync(descriptor) == 0, rename(Self.path(for: destination), destination.path) == 0 else {
            throw Self.failure(errno, writing: destination)
        }
    }

    /// Path of the file while it is not whole.
    package static func path(for destination: URL) -> String { destination.path + OutputFolder.partialSuffix }

    private func takeInWhatIsThere() throws {
        try FileHash.forEachPiece(of: URL(filePath: Self.path(for: destination))) { piece in
            state.withLock { state in
                state.hasher.update(data: piece)
                state.count += Int64(piece.count)
            }
        }
        guard lseek(descriptor, 0, SEEK_END) == count else { throw Self.failure(EIO, writing: destination) }
    }

    private static let otherFolder =
        "Name a folder of your own in HYPECLIP_MODEL_PATH, or make that one writable; then run the same command again."

    /// The failure that an error number of the system stands for.
    static func failure(_ number: Int32, writing destination: URL) -> AppFailure {
        let folder = destination.deletingLastPathComponent().path
        return switch number {
        case ENOSPC, EDQUOT:
            AppFailure(
                .failed,
                "There is no space left in \(folder). Make room, and run the same command again: it goes on from here."
            )
        case EACCES, EPERM, EROFS:
            AppFailure(.failed, "\(folder) cannot be written to (\(String(cString: strerror(number)))). \(otherFolder)")
        default:
            AppFailure(.failed, "\(destination.path) cannot be written: \(String(cString: strerror(number)))")
        }
    }
}
