import Crypto
import Foundation
import NIOCore
import Synchronization

/// A file that is still arriving.
///
/// Gathers bytes in one buffer of 1 MiB and writes and hashes them a buffer at a time, while they are in the processor's
/// cache. Everything but ``fill(from:)`` and ``count`` blocks and belongs on ``DiskThreads``.
final class PartFile: Sendable {
    /// Bytes of one write: 1 MiB.
    static let pieceLength = 1 << 20
    /// Bytes after which the system is told to write and to let go of them: 8 MiB.
    ///
    /// Else a big upload would push everything else out of the page cache, and then wait for the disk at its end. On the
    /// development machine a file of 1 GiB is written and synced two to three times as fast with it, since the same pages
    /// are used again and again.
    private static let releaseLength: Int64 = 8 << 20

    private struct State {
        /// Nil when closed.
        var descriptor: Int32?
        var buffer = ByteBuffer()
        /// Nil where earlier bytes were not hashed by this process.
        var hasher: SHA256?
        /// Bytes that are in the file.
        var written: Int64
        /// Where the system was told so last.
        var released: Int64
    }

    let path: String
    private let calls: DiskCalls
    private let state: Mutex<State>

    /// Makes a new file that only this user can read.
    ///
    /// - Throws: ``UploadError`` `noSpace` or `storage`.
    init(creating path: String, calls: DiskCalls) throws(UploadError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .disk(DiskCalls.Failure(errno), doing: "make a file") }
        self.path = path
        self.calls = calls
        state = Mutex(State(descriptor: descriptor, hasher: SHA256(), written: 0, released: 0))
    }

    /// Opens a file to go on behind its last byte.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - offset: Its size in bytes.
    ///   - hasher: What was hashed so far, or nil.
    ///   - calls: How to write.
    /// - Throws: ``UploadError`` `storage`.
    init(resuming path: String, at offset: Int64, hasher: SHA256?, calls: DiskCalls) throws(UploadError) {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(DiskCalls.Failure(errno), doing: "open the unfinished file") }
        self.path = path
        self.calls = calls
        state = Mutex(State(descriptor: descriptor, hasher: hasher, written: offset, released: offset))
    }

    deinit { close() }

    /// Bytes taken so far, written or not.
    var count: Int64 { state.withLock { $0.written + Int64($0.buffer.readableBytes) } }

    /// The hash of what was written, or nil where earlier bytes were not hashed.
    var hasher: SHA256? { state.withLock { $0.hasher } }

    /// Takes bytes into the buffer, as many as fit.
    ///
    /// - Returns: Whether the buffer is full and must be flushed.
    func fill(from bytes: inout ByteBuffer) -> Bool {
        state.withLock { state in
            if state.buffer.capacity == 0 { state.buffer = ByteBufferAllocator().buffer(capacity: Self.pieceLength) }
            let length = min(bytes.readableBytes, Self.pieceLength - state.buffer.readableBytes)
            if let piece = bytes.readSlice(length: length) { state.buffer.writeImmutableBuffer(piece) }
            return state.buffer.readableBytes == Self.pieceLength
        }
    }

    /// The first bytes of the buffer; they are the file's first while nothing was flushed.
    func bufferedPrefix(_ length: Int) -> [UInt8] {
        state.withLock { Array($0.buffer.readableBytesView.prefix(length)) }
    }

    /// Writes and hashes what is in the buffer.
    ///
    /// - Throws: ``UploadError`` `noSpace` or `storage`; what was not written is lost and the hash with it.
    func flush() throws(UploadError) {
        try state.withLock { state throws(UploadError) in
            defer { state.buffer.clear() }
            guard let descriptor = state.descriptor, state.buffer.readableBytes > 0 else { return }
            do throws(DiskCalls.Failure) {
                try state.buffer.withUnsafeReadableBytes { bytes throws(DiskCalls.Failure) in
                    var rest = bytes
                    while !rest.isEmpty {
                        let count = try calls.write(descriptor, rest, state.written)
                        state.written += Int64(count)
                        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                    }
                    state.hasher?.update(bufferPointer: bytes)
                }
                if state.written - state.released >= Self.releaseLength {
                    // What was still being written at the last times is let go of now.
                    let from = max(0, state.released - 3 * Self.releaseLength)
                    calls.release(descriptor, from, state.written - from)
                    state.released = state.written
                }
            } catch {
                state.hasher = nil
                throw UploadError.disk(error, doing: "write the file")
            }
        }
    }

    /// Flushes and waits until everything is on the disk.
    func sync() throws(UploadError) {
        try flush()
        guard let descriptor = state.withLock({ $0.descriptor }) else { return }
        do {
            try calls.sync(descriptor)
        } catch {
            throw .disk(error, doing: "write the file")
        }
    }

    /// Takes back everything behind a place.
    func truncate(to offset: Int64, hasher: SHA256?) throws(UploadError) {
        try state.withLock { state throws(UploadError) in
            state.buffer.clear()
            guard let descriptor = state.descriptor else { return }
            guard ftruncate(descriptor, off_t(offset)) == 0 else {
                throw UploadError.disk(DiskCalls.Failure(errno), doing: "shorten the file")
            }
            state.written = offset
            state.released = min(state.released, offset)
            state.hasher = hasher
        }
    }

    /// Lets go of the file.
    func close() {
        state.withLock { state in
            if let descriptor = state.descriptor { _ = Foundation.close(descriptor) }
            state.descriptor = nil
            state.buffer = ByteBuffer()
        }
    }
}
