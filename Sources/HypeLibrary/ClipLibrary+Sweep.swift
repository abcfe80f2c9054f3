import Foundation
import HypeCore
import HypeEvents
import HypeStore
import Logging

/// What a sweep found and mended.
package struct SweepReport: Hashable, Sendable {
    /// Deletions that were finished.
    package var finished = 0
    /// Files that no clip names and that were removed.
    package var leftovers = 0
    /// Files that are not ours, or too many to be the leftovers of a crash; they were left alone.
    package var foreign = 0
    /// Clips whose video was gone; they were deleted with the cause `lost`.
    package var lost = 0
    /// Clips and deletions that had not been announced and were announced now.
    package var announced = 0

    /// Whether there was nothing to do.
    package var isClean: Bool { self == SweepReport() }
}

extension ClipLibrary {
    /// Files without a clip that a crash can leave; when there are more, the store is probably not the one that belongs to
    /// the folder, and none is removed.
    package static let mostLeftovers = 20
    /// Entries at the end of the log in which announcements are looked for.
    private static let announcements = 1000

    /// Mends what a crash left behind: once at the start, while everything else may be going on already.
    ///
    /// - Throws: ``LibraryFailure``: absent where the folder is not the one of the store, store, or disk.
    @discardableResult
    package func sweep() async throws(LibraryFailure) -> SweepReport {
        var report = SweepReport()
        try await claimFolder()
        do throws(StoreError) {
            report.finished = try await finishDeletions()
            try await removeIncoming()
            (report.leftovers, report.foreign) = try await removeLeftovers()
            report.lost = try await removeLostClips()
            report.announced = try await announceMissed()
        } catch {
            throw LibraryFailure(.store, "the clips cannot be compared with their files now", cause: error)
        }
        if !report.isClean {
            logger.notice(
                "mended what the last end left behind",
                metadata: [
                    "deletions": "\(report.finished)", "leftovers": "\(report.leftovers)",
                    "foreign": "\(report.foreign)", "lost": "\(report.lost)", "announced": "\(report.announced)",
                ]
            )
        }
        return report
    }

    /// Finishes deletions whose journal is in the trash.
    private func finishDeletions() async throws(StoreError) -> Int {
        var count = 0
        for id in await keeper.names(in: folder.trash) where !underWay.contains(id) {
            guard let work = await DeletionWork.resume(id, in: folder, keeper: keeper, store: store) else {
                // Without a journal nothing had been moved here.
                await quietly("clear the trash") { () async throws(LibraryFailure) in
                    try await keeper.remove(folder.trash + "/" + id)
                }
                continue
            }
            await quietly("move files to the trash") { () async throws(LibraryFailure) in try await work.moveAside() }
            let isNew = try await work.record()
            await quietly("empty the trash") { () async throws(LibraryFailure) in try await work.destroy() }
            if isNew { await events.publish(.deletion, session: nil, work.journal.deletion) }
            count += 1
        }
        return count
    }

    private func removeIncoming() async throws(StoreError) {
        for name in await keeper.names(in: folder.incoming) {
            if let stem = name.split(separator: ".").first, cutting.contains(String(stem)) { continue }
            await quietly("clear what was being cut") { () async throws(LibraryFailure) in
                try await keeper.remove(folder.incoming + "/" + name)
            }
        }
    }

    /// Removes files that no clip names.
    private func removeLeftovers() async throws(StoreError) -> (removed: Int, foreign: Int) {
        var leftovers: [String] = []
        var foreign = 0
        for session in await keeper.names(in: folder.clips) where LibraryFolder.isIdentifier(session) {
            for file in await keeper.names(in: folder.clips + "/" + session) {
                let name = session + "/" + file
                // The place where a copy from another file system grows.
                let final = name.hasSuffix(".part") ? String(name.dropLast(5)) : name
                guard (try? folder.path(of: final)) != nil else {
                    foreign += 1
                    continue
                }
                let stem = String(file.prefix { $0 != "." })
                // An identifier may look like a version of another one.
                var clip = try await store.clip(stem)
                if clip == nil { clip = try await store.clip(LibraryFolder.clip(ofStem: stem)) }
                let names = [clip?.files.video?.path, clip?.files.thumbnail?.path]
                // Looked at after the store: a clip that is being adopted is claimed before its files appear here.
                if !names.contains(name), !claimed.contains(final) { leftovers.append(name) }
            }
        }
        guard leftovers.count <= Self.mostLeftovers else {
            logger.error(
                "more files without a clip than a crash can leave; the store may be an older copy. Nothing was removed",
                metadata: ["files": "\(leftovers.count)", "folder": "\(folder.clips)"]
            )
            return (0, foreign + leftovers.count)
        }
        for name in leftovers {
            await quietly("remove a leftover") { () async throws(LibraryFailure) in
                try await keeper.remove(folder.clips + "/" + name)
            }
            if let session = name.split(separator: "/").first {
                await keeper.removeIfEmpty(folder.clips + "/" + session)
            }
        }
        return (leftovers.count, foreign)
    }

    /// Deletes clips whose video is gone.
    private func removeLostClips() async throws(StoreError) -> Int {
        var count = 0
        var query = ClipQuery(page: PageQuery(limit: PageQuery.limits.upperBound))
        repeat {
            let page = try await store.clips(query)
            for clip in page.items {
                guard let video = clip.files.video, let path = try? folder.path(of: video.path),
                    await !keeper.hasFile(path), !underWay.contains(clip.id)
                else { continue }
                await quietly("delete a clip without its video") { () async throws(LibraryFailure) in
                    _ = try await delete(clip.id, cause: .lost)
                    count += 1
                }
            }
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return count
    }

    /// Announces the newest clips and deletions of which the log does not know, because the program ended in between.
    private func announceMissed() async throws(StoreError) -> Int {
        struct Named: Decodable { var id: String }
        let last = try await store.lastEvent()
        let records = try await store.events(
            after: max(0, last - Int64(Self.announcements)),
            session: nil,
            limit: Self.announcements
        )
        // What is older than the part of the log that was looked at, or than what it has forgotten, cannot be judged.
        let isWhole = last == 0 || records.first?.id == 1
        guard let horizon = isWhole ? Date.distantPast : records.first?.time else { return 0 }
        let known = Set(
            records.filter { $0.kind == .newClip || $0.kind == .deletion }
                .compactMap { try? DocumentJSON.decode(Named.self, from: $0.payload).id }
        )
        var count = 0
        let clips = try await store.clips(ClipQuery(page: PageQuery(limit: 20))).items
        for clip in clips.reversed()
        where clip.createdAt > horizon && !known.contains(clip.id) && clip.state == .saved
            && !claimed.contains(clip.files.video?.path ?? "")
        {
            await events.publish(.newClip, session: clip.sessionId, clip)
            count += 1
        }
        let deletions = try await store.deletions(PageQuery(limit: 20)).items
        for deletion in deletions.reversed()
        where deletion.time > horizon && !known.contains(deletion.id) && !underWay.contains(deletion.id) {
            await events.publish(.deletion, session: nil, deletion)
            count += 1
        }
        return count
    }

    /// Does something whose failure must not keep the sweep from going on.
    private func quietly(_ what: String, _ body: () async throws(LibraryFailure) -> Void) async {
        do throws(LibraryFailure) { try await body() } catch {
            logger.error("could not mend", metadata: ["step": "\(what)", "error": "\(error)"])
        }
    }
}
