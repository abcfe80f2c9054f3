#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Free space of a file system.
package enum DiskSpace {
    /// Bytes that are free for this program on the file system of a path.
    ///
    /// - Throws: ``LibraryFailure`` with ``LibraryFailure/Code/disk``.
    package static func free(at path: String) throws(LibraryFailure) -> Int64 {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else {
            throw LibraryFailure(.disk, "the free space of \(path) cannot be read; check that the folder is there")
        }
        return Int64(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue
        )
    }
}
