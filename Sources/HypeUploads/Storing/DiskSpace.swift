import Foundation

/// Free space of a file system.
package enum DiskSpace {
    /// Bytes that this user may still write to the disk that holds a folder.
    ///
    /// - Parameter folder: Path of a folder that is there.
    /// - Returns: Free bytes, at least 0.
    /// - Throws: ``DiskCalls/Failure`` where the folder is not there or cannot be looked into.
    package static func free(at folder: String) throws(DiskCalls.Failure) -> Int64 {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { throw DiskCalls.Failure(errno) }
        return Int64(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).partialValue
        )
    }
}
