import Foundation

/// The calls of the operating system that can fail on a sound machine, so that tests can let them fail.
package struct DiskCalls: Sendable {
    /// An error number of the system.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// The number, such as `ENOSPC`.
        package let number: Int32

        /// Wraps a number.
        package init(_ number: Int32) { self.number = number }

        /// The system's words.
        package var description: String { String(cString: strerror(number)) }
    }

    /// Writes bytes at a place of a file and returns how many were written, at least 1.
    package var write: @Sendable (Int32, UnsafeRawBufferPointer, Int64) throws(Failure) -> Int
    /// Waits until a file's bytes are on the disk.
    package var sync: @Sendable (Int32) throws(Failure) -> Void
    /// Says that bytes of a file (from, length) are on their way to the disk and will not be read soon.
    package var release: @Sendable (Int32, Int64, Int64) -> Void
    /// Gives a file another name.
    package var rename: @Sendable (String, String) throws(Failure) -> Void

    /// The system's own calls.
    package static let system = DiskCalls(
        write: { (descriptor, bytes, offset) throws(Failure) in
            while true {
                let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
                if count > 0 || bytes.isEmpty { return count }
                if count < 0, errno == EINTR { continue }
                throw Failure(count == 0 ? ENOSPC : errno)
            }
        },
        sync: { (descriptor) throws(Failure) in
            while fsync(descriptor) != 0 { if errno != EINTR { throw Failure(errno) } }
        },
        release: { descriptor, from, length in
            #if os(Linux)
            // Begins to write what is dirty and lets go of what is written; only advice, so there is nothing to fail.
            _ = posix_fadvise(descriptor, off_t(from), off_t(length), POSIX_FADV_DONTNEED)
            #endif
        },
        rename: { (old, new) throws(Failure) in
            if Foundation.rename(old, new) != 0 { throw Failure(errno) }
        }
    )
}

extension UploadError {
    /// The failure that an error number of the system stands for.
    static func disk(_ failure: DiskCalls.Failure, doing what: String) -> UploadError {
        switch failure.number {
        case ENOSPC, EDQUOT:
            UploadError(
                .noSpace,
                "The server's disk is full. Delete clips or recordings, then send it again.",
                cause: failure
            )
        default:
            UploadError(
                .storage,
                "The server cannot \(what): \(failure). See its log and whether its data folder can be written.",
                cause: failure
            )
        }
    }
}
