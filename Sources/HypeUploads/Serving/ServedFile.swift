package import Foundation
import NIOCore
package import NIOPosix
import Synchronization

/// A file that is open for one answer.
///
/// Open it first and plan with its ``size``: it can then be removed or replaced without spoiling the answer.
package final class ServedFile: Sendable {
    /// Size in bytes when it was opened.
    package let size: Int64
    /// When it was last changed.
    package let modified: Date

    private let descriptor: Mutex<Int32?>
    private let threads: DiskThreads

    /// Opens a file to read.
    ///
    /// - Parameters:
    ///   - path: The file; a link is not followed, and a folder or device is none.
    ///   - pool: Threads for the disk.
    /// - Returns: The open file.
    /// - Throws: ``UploadError`` `gone` where it is no more, or `storage`.
    package static func open(_ path: String, pool: NIOThreadPool = .singleton) async throws(UploadError) -> ServedFile {
        let threads = DiskThreads(pool: pool)
        return try await threads.run { () throws(UploadError) in try ServedFile(path, threads: threads) }
    }

    private init(_ path: String, threads: DiskThreads) throws(UploadError) {
        // Not to wait for a writer, should it be a pipe.
        let descriptor = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT {
                throw UploadError(.gone, "The file is not there any more; it was deleted or has expired.")
            }
            throw .disk(DiskCalls.Failure(errno), doing: "open the file")
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            _ = Foundation.close(descriptor)
            throw UploadError(.storage, "What should be served is no plain file; see the server's log.")
        }
        size = Int64(facts.st_size)
        modified = Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec))
        self.descriptor = Mutex(descriptor)
        self.threads = threads
    }

    deinit { close() }

    /// Whether it can still be read.
    package var isOpen: Bool { descriptor.withLock { $0 != nil } }

    /// Lets go of the file; the end, a failure and a cancelled reader do so too.
    package func close() {
        descriptor.withLock { descriptor in
            if let number = descriptor { _ = Foundation.close(number) }
            descriptor = nil
        }
    }

    /// The body of an answer; read it once.
    ///
    /// - Parameters:
    ///   - plan: What to answer.
    ///   - chunk: Bytes of one piece at most: 1…, 256 KiB by default. One piece is in memory at a time.
    /// - Returns: What `ResponseBody(asyncSequence:)` and the like take.
    package func chunks(_ plan: MediaResponsePlan, chunk: Int = 256 << 10) -> FileChunks {
        FileChunks(file: self, pieces: plan.pieces, chunk: max(1, chunk))
    }

    /// Reads some bytes.
    ///
    /// - Throws: ``UploadError`` `storage`, also where the file is shorter than it was.
    func read(_ range: Range<Int64>) async throws(UploadError) -> ByteBuffer {
        try await threads.run { () throws(UploadError) in
            // Under the lock, so that no one closes the descriptor and it becomes another file's.
            try self.descriptor.withLock { descriptor throws(UploadError) in
                guard let number = descriptor else {
                    throw UploadError(.storage, "The file was closed while it was sent.")
                }
                var buffer = ByteBufferAllocator().buffer(capacity: range.count)
                var place = range.lowerBound
                while place < range.upperBound {
                    let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { bytes in
                        max(
                            0,
                            pread(
                                number,
                                bytes.baseAddress,
                                min(bytes.count, Int(range.upperBound - place)),
                                off_t(place)
                            )
                        )
                    }
                    guard count > 0 else {
                        if errno == EINTR { continue }
                        throw UploadError(.storage, "The file became shorter while it was sent; see the server's log.")
                    }
                    place += Int64(count)
                }
                return buffer
            }
        }
    }
}
