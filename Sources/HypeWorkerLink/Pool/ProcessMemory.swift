import Foundation

/// Reads how much memory processes have.
enum ProcessMemory {
    /// Resident bytes of a process; 0 where that cannot be found out.
    static func resident(_ process: Int32) -> Int64 {
        // The file has no size, so it is read in one go: size and resident pages come first.
        guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/statm"),
            let data = try? file.read(upToCount: 128)
        else { return 0 }
        let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
