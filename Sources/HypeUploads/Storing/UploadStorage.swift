import Foundation

/// What every upload needs of the machine: folder, threads, limits, free space and the time of day.
struct UploadStorage: Sendable {
    let folder: UploadFolder
    let threads: DiskThreads
    let limits: UploadLimits
    let freeSpace: @Sendable (String) -> Int64
    let wallClock: @Sendable () -> Date

    /// The time of day, to the second, as it is kept.
    func now() -> Date { Date(timeIntervalSince1970: wallClock().timeIntervalSince1970.rounded(.down)) }

    /// Makes sure that bytes fit on the disk and the reserve stays.
    ///
    /// Blocks.
    ///
    /// - Parameter bytes: What is to come, at least 0.
    /// - Throws: ``UploadError`` `noSpace`.
    func checkSpace(for bytes: Int64) throws(UploadError) {
        let free = freeSpace(folder.path)
        guard free - limits.reserve >= bytes else {
            throw UploadError(
                .noSpace,
                "The server has \(max(0, free - limits.reserve) >> 20) MiB left for uploads, too little for this one. "
                    + "Delete clips or recordings, then send it again."
            )
        }
    }

    /// The failure of a file above the limit.
    var tooLarge: UploadError {
        UploadError(
            .tooLarge,
            "The file is larger than \(limits.bytes >> 20) MiB, which is the limit; cut it into shorter ones."
        )
    }
}
