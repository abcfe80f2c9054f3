package import Foundation
package import HypeCore
import HypeDigest
package import HypeEvents
package import HypeStore
package import Logging

/// The clips with their files: takes them in, finds them, deletes them with proof.
///
/// The store decides what there is; the disk follows. A clip is taken in by moving its files into place, then inserting it,
/// then announcing it. It is deleted as ``DeletionWork`` says. A crash between two steps leaves files without a clip, a
/// journal, or something that was not announced; ``sweep()`` mends all of these at the next start.
package actor ClipLibrary {
    /// One of the files of a clip.
    package enum Part: String, Hashable, Sendable, CaseIterable {
        case video, thumbnail
    }

    /// Where a file of a clip lies and what it holds.
    package struct Place: Hashable, Sendable {
        /// Absolute path.
        package var path: String
        /// Size and hash.
        package var file: Clip.File
        /// Media type, such as `video/mp4`.
        package var mediaType: String
    }

    let folder: LibraryFolder
    let store: any ClipStore
    let events: EventLog
    let logger: Logger
    let keeper = FileKeeper()
    /// Names of files that were put into place since the start; they are no leftovers even where no clip names them yet.
    private(set) var claimed: Set<String> = []
    /// Identifiers of clips for which a place was given out in ``LibraryFolder/incoming`` since the start.
    private(set) var cutting: Set<String> = []
    /// What is being deleted now: identifiers of clips and recordings, and of their deletions.
    private(set) var underWay: Set<String> = []
    /// Whether the folder was seen to be the right one.
    private var isClaimed = false
    private let now: @Sendable () -> Date
    private var identifiers = TimedIdentifier()

    /// Creates a library; nothing is touched before ``sweep()``.
    ///
    /// - Parameters:
    ///   - folder: Where everything lies.
    ///   - store: Where clips and deletions are kept.
    ///   - events: Is told of new clips and of deletions.
    ///   - logger: Hears of what had to be mended.
    ///   - now: The wall clock.
    package init(
        folder: LibraryFolder,
        store: any ClipStore,
        events: EventLog,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.folder = folder
        self.store = store
        self.events = events
        self.logger = logger
        self.now = now
    }

    /// A place where a clip may be written before it is adopted.
    ///
    /// - Parameters:
    ///   - clip: Identifier of the clip.
    ///   - ending: Ending of the file, such as `mp4`.
    /// - Returns: An absolute path; nothing is there.
    /// - Throws: ``LibraryFailure``: name, or disk.
    package func incoming(for clip: String, ending: String) async throws(LibraryFailure) -> String {
        let name = try LibraryFolder.name(session: nil, clip: clip, ending: ending)
        cutting.insert(clip)
        try await keeper.makeFolder(folder.incoming)
        let path = folder.incoming + "/" + (name.split(separator: "/").last ?? "")
        try await keeper.remove(path)
        return path
    }

    /// Takes a finished clip in: its files are moved here, it is inserted into the store, and `new_clip` is published.
    ///
    /// - Parameters:
    ///   - clip: The document. Sizes and hashes that it names are compared with the files; its paths are replaced.
    ///   - video: Absolute path of the video.
    ///   - thumbnail: Absolute path of the picture, or nil.
    /// - Returns: The clip as it was stored; paths are relative to `clips/`.
    /// - Throws: ``LibraryFailure``; the files are where they were then.
    package func adopt(_ clip: Clip, video: String, thumbnail: String?) async throws(LibraryFailure) -> Clip {
        if !isClaimed { try await claimFolder() }
        var clip = clip
        var moves: [(from: String, to: String)] = []
        clip.files.video = try await file(at: video, of: clip, claiming: clip.files.video)
        moves.append((video, try folder.path(of: clip.files.video?.path ?? "")))
        if let thumbnail {
            clip.files.thumbnail = try await file(at: thumbnail, of: clip, claiming: clip.files.thumbnail)
            moves.append((thumbnail, try folder.path(of: clip.files.thumbnail?.path ?? "")))
        }
        let names = [clip.files.video, clip.files.thumbnail].compactMap { $0?.path }
        claimed.formUnion(names)
        var moved: [(from: String, to: String)] = []
        do throws(LibraryFailure) {
            try await keeper.makeFolder(folder.clips + "/" + (clip.sessionId ?? LibraryFolder.noSession))
            for move in moves {
                try await keeper.move(move.from, to: move.to, copies: true)
                moved.append(move)
            }
            try await insert(clip)
        } catch {
            // What cannot be moved back is a leftover, which the next sweep removes.
            for move in moved.reversed() { _ = try? await keeper.move(move.to, to: move.from, copies: true) }
            claimed.subtract(names)
            throw error
        }
        cutting.remove(clip.id)
        await events.publish(.newClip, session: clip.sessionId, clip)
        return clip
    }

    /// Puts a better version of a clip into the place of the one that is there, and publishes `clip`.
    ///
    /// The files of the version before are deleted with proof (``Deletion/Cause/replaced``) once the store names the new
    /// ones; a client that plays the old file keeps it until it closes it. What a person changed stays.
    ///
    /// - Parameters:
    ///   - clip: The better document, with the same identifier.
    ///   - previous: The document that was stored before, as ``adopt(_:video:thumbnail:)`` or this method gave it.
    ///   - video: Absolute path of the new video.
    ///   - thumbnail: Absolute path of the new picture, or nil.
    /// - Returns: The clip as it is stored now.
    /// - Throws: ``LibraryFailure``; the version before is still there then.
    package func improve(
        _ clip: Clip,
        over previous: Clip,
        video: String,
        thumbnail: String?
    ) async throws(LibraryFailure) -> Clip {
        guard !underWay.contains(clip.id), let old = try await self.clip(clip.id) else { throw Self.noClip(clip.id) }
        var clip = clip
        clip.sessionId = old.sessionId
        let version = LibraryFolder.version(ofName: old.files.video?.path ?? "") + 1
        var moves: [(from: String, to: String)] = []
        clip.files.video = try await file(at: video, of: clip, version: version, claiming: clip.files.video)
        moves.append((video, try folder.path(of: clip.files.video?.path ?? "")))
        clip.files.thumbnail = nil
        if let thumbnail {
            clip.files.thumbnail = try await file(at: thumbnail, of: clip, version: version, claiming: nil)
            moves.append((thumbnail, try folder.path(of: clip.files.thumbnail?.path ?? "")))
        }
        let names = [clip.files.video, clip.files.thumbnail].compactMap { $0?.path }
        claimed.formUnion(names)
        var moved: [(from: String, to: String)] = []
        let stored: Clip
        do throws(LibraryFailure) {
            for move in moves {
                try await keeper.move(move.from, to: move.to, copies: true)
                moved.append(move)
            }
            stored = try await improve(clip, over: previous)
        } catch {
            for move in moved.reversed() { _ = try? await keeper.move(move.to, to: move.from, copies: true) }
            claimed.subtract(names)
            throw error
        }
        cutting.remove(clip.id)
        await events.publish(.clip, session: stored.sessionId, stored)
        try await discard(old)
        return stored
    }

    /// Deletes the files of a version that the store does not name any more.
    private func discard(_ old: Clip) async throws(LibraryFailure) {
        var files: [Deletion.File] = []
        var paths: [String] = []
        for file in [old.files.video, old.files.thumbnail].compactMap(\.self) {
            let path = try folder.path(of: file.path)
            guard let facts = try await keeper.facts(of: path) else { continue }
            files.append(Deletion.File(name: file.path, bytes: facts.bytes, sha256: facts.sha256))
            paths.append(path)
        }
        guard !paths.isEmpty else { return }
        let deletion = Deletion(
            id: nextIdentifier(),
            time: now(),
            subject: .version,
            subjectId: old.id,
            title: old.title,
            cause: .replaced,
            files: files
        )
        try await carryOut(deletion, paths: paths, session: old.sessionId)
        claimed.subtract(files.map(\.name))
    }

    /// Where a file of a clip lies.
    ///
    /// - Returns: The place; nil where the clip does not have such a file, or it is gone.
    /// - Throws: ``LibraryFailure``: not found, name, or store.
    package func place(of part: Part, of id: String) async throws(LibraryFailure) -> Place? {
        guard let clip = try await clip(id), !underWay.contains(id) else { throw Self.noClip(id) }
        let file =
            switch part {
            case .video: clip.files.video
            case .thumbnail: clip.files.thumbnail
            }
        guard let file else { return nil }
        let path = try folder.path(of: file.path)
        guard await keeper.hasFile(path) else { return nil }
        return Place(path: path, file: file, mediaType: LibraryFolder.mediaType(of: file.path))
    }

    /// Deletes a clip with its files, records the proof and publishes `deletion`.
    ///
    /// The hash in the proof is that of the bytes that were on the disk. When they are not those that were stored, the log
    /// says so.
    ///
    /// - Throws: ``LibraryFailure``; the clip is as it was then.
    package func delete(_ id: String, cause: Deletion.Cause) async throws(LibraryFailure) -> Deletion {
        guard underWay.insert(id).inserted else { throw Self.noClip(id) }
        defer { underWay.remove(id) }
        guard let clip = try await clip(id) else { throw Self.noClip(id) }
        var files: [Deletion.File] = []
        var paths: [String] = []
        for file in [clip.files.video, clip.files.thumbnail].compactMap(\.self) {
            let path = try folder.path(of: file.path)
            let facts = try await keeper.facts(of: path)
            if facts != nil { paths.append(path) }
            if let facts, facts.sha256 != file.sha256 {
                logger.warning(
                    "a file was changed after it was stored",
                    metadata: ["clip.id": "\(id)", "stored": "\(file.sha256)", "found": "\(facts.sha256)"]
                )
            }
            files.append(Deletion.File(name: file.path, bytes: facts?.bytes ?? file.bytes, sha256: facts?.sha256))
        }
        let deletion = Deletion(
            id: nextIdentifier(),
            time: now(),
            subject: .clip,
            subjectId: id,
            title: clip.title,
            cause: cause,
            files: files
        )
        try await carryOut(deletion, paths: paths, session: clip.sessionId)
        claimed.subtract(files.map(\.name))
        return deletion
    }

    /// Deletes a recording with its files, records the proof and publishes `deletion`.
    ///
    /// - Parameters:
    ///   - recording: What to delete.
    ///   - session: The session that it was watched in, for those who follow only that.
    ///   - cause: Why.
    /// - Returns: The proof; nil where none of its files is there (any more).
    /// - Throws: ``LibraryFailure``; the recording is as it was then.
    package func delete(
        _ recording: Recording,
        session: String?,
        cause: Deletion.Cause
    ) async throws(LibraryFailure) -> Deletion? {
        guard underWay.insert(recording.id).inserted else { return nil }
        defer { underWay.remove(recording.id) }
        var files: [Deletion.File] = []
        var paths: [String] = []
        for path in recording.paths {
            guard let facts = try await keeper.facts(of: path) else { continue }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            files.append(Deletion.File(name: name, bytes: facts.bytes, sha256: facts.sha256))
            paths.append(path)
        }
        guard !paths.isEmpty else { return nil }
        let deletion = Deletion(
            id: nextIdentifier(),
            time: now(),
            subject: .recording,
            subjectId: recording.id,
            title: recording.name,
            cause: cause,
            files: files
        )
        try await carryOut(deletion, paths: paths, session: session)
        return deletion
    }

    /// Makes the folders at the first start; later makes sure that it is the same folder.
    func claimFolder() async throws(LibraryFailure) {
        if await keeper.hasFile(folder.marker) {
            isClaimed = true
            return
        }
        let totals: ClipTotals
        do throws(StoreError) { totals = try await store.totals() } catch {
            throw LibraryFailure(.store, "clips cannot be read now", cause: error)
        }
        guard totals.clips == 0 else {
            throw LibraryFailure(
                .absent,
                "the store knows \(totals.clips) clips, but \(folder.clips) is not the folder in which they were put; mount "
                    + "the right disk, or make the empty file \(folder.marker) if they are really there"
            )
        }
        try await keeper.makeFolder(folder.clips)
        try await keeper.write(Data(), to: folder.marker)
        isClaimed = true
    }

    /// Steps 2 to 5 of a deletion, and the announcement.
    private func carryOut(_ deletion: Deletion, paths: [String], session: String?) async throws(LibraryFailure) {
        underWay.insert(deletion.id)
        defer { underWay.remove(deletion.id) }
        let work = DeletionWork(deletion, paths: paths, in: folder, keeper: keeper, store: store)
        do throws(LibraryFailure) {
            try await work.writeJournal()
            try await work.moveAside()
            do throws(StoreError) { _ = try await work.record() } catch {
                throw LibraryFailure(.store, "the deletion cannot be recorded now; try again later", cause: error)
            }
        } catch {
            do throws(LibraryFailure) { try await work.undo() } catch let second {
                logger.error(
                    "a deletion that failed cannot be undone and will be finished at the next start",
                    metadata: ["deletion.id": "\(deletion.id)", "error": "\(second)"]
                )
            }
            throw error
        }
        do throws(LibraryFailure) { try await work.destroy() } catch {
            logger.error(
                "files of a recorded deletion are still in the trash; they will be deleted at the next start",
                metadata: ["deletion.id": "\(deletion.id)", "error": "\(error)"]
            )
        }
        await events.publish(.deletion, session: session, deletion)
    }

    /// Checks a file that is to be adopted.
    private func file(
        at path: String,
        of clip: Clip,
        version: Int = 1,
        claiming claim: Clip.File?
    ) async throws(LibraryFailure) -> Clip.File {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let stem = LibraryFolder.stem(of: clip.id, version: version)
        let name = try LibraryFolder.name(session: clip.sessionId, clip: stem, ending: ending)
        guard let facts = try await keeper.facts(of: path) else {
            throw LibraryFailure(.disk, "the file \(path) of clip \(clip.id) is not there")
        }
        if let claim, claim.bytes != facts.bytes || claim.sha256 != facts.sha256 {
            throw LibraryFailure(.changed, "the file \(path) of clip \(clip.id) was changed after it was written")
        }
        return Clip.File(path: name, bytes: facts.bytes, sha256: facts.sha256)
    }

    private func improve(_ clip: Clip, over previous: Clip) async throws(LibraryFailure) -> Clip {
        do throws(StoreError) {
            return try await store.improve(clip, over: previous)
        } catch  where error.code == .notFound {
            throw Self.noClip(clip.id)
        } catch {
            throw LibraryFailure(.store, "the clip cannot be stored now: \(error.message)", cause: error)
        }
    }

    private func insert(_ clip: Clip) async throws(LibraryFailure) {
        do throws(StoreError) {
            try await store.insert(clip)
        } catch  where error.code == .duplicate {
            throw LibraryFailure(.exists, "there is a clip \(clip.id) already", cause: error)
        } catch {
            throw LibraryFailure(.store, "the clip cannot be stored now: \(error.message)", cause: error)
        }
    }

    private func clip(_ id: String) async throws(LibraryFailure) -> Clip? {
        do throws(StoreError) {
            return try await store.clip(id)
        } catch {
            throw LibraryFailure(.store, "clips cannot be read now; try again later", cause: error)
        }
    }

    private func nextIdentifier() -> String { identifiers.next(at: now()) }

    private static func noClip(_ id: String) -> LibraryFailure { LibraryFailure(.notFound, "there is no clip \(id)") }
}
