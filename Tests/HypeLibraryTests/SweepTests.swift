import Foundation
import HypeCore
import HypeLibrary
import HypeStore
import StoreDouble
import Testing

/// What a restart finds after a crash at each point.
@Suite(.timeLimit(.minutes(1)))
struct SweepTests {
    private let shop: Workshop

    init() async throws {
        shop = try Workshop()
        try await shop.library.sweep()
    }

    /// A deletion of clip `a` that stops after some of its steps, as if the power had failed.
    private func interrupted(after steps: Int, keeper: FileKeeper = FileKeeper()) async throws -> Deletion {
        let clip = try await shop.adopt("a")
        let files = [clip.files.video, clip.files.thumbnail].compactMap(\.self)
        let deletion = Deletion(
            id: "0123",
            time: Date(),
            subject: .clip,
            subjectId: "a",
            title: clip.title,
            cause: .request,
            files: files.map { Deletion.File(name: $0.path, bytes: $0.bytes, sha256: $0.sha256) }
        )
        let paths = files.map { shop.folder.clips + "/" + $0.path }
        let work = DeletionWork(deletion, paths: paths, in: shop.folder, keeper: keeper, store: shop.store)
        if steps > 0 { try await work.writeJournal() }
        if steps > 1 { try await work.moveAside() }
        if steps > 2 { _ = try await work.record() }
        if steps > 3 { try await work.destroy() }
        return deletion
    }

    @Test
    func aCrashBeforeTheJournalChangesNothing() async throws {
        _ = try await interrupted(after: 0)
        #expect(try await shop.restarted().sweep().isClean)
        #expect(shop.files() == ["clips/s1/a.jpg", "clips/s1/a.mp4"])
        #expect(try await shop.store.clip("a") != nil)
    }

    @Test(arguments: 1...4)
    func aCrashAfterTheJournalIsFinishedOnce(steps: Int) async throws {
        let deletion = try await interrupted(after: steps)
        let report = try await shop.restarted().sweep()
        #expect(report.finished == (steps == 4 ? 0 : 1))
        #expect(shop.files().isEmpty)
        #expect(try await shop.store.clip("a") == nil)
        #expect(try await shop.deletions() == [deletion])
        #expect(try await shop.announcements() == ["new_clip a", "deletion 0123"])
        #expect(try await shop.restarted().sweep().isClean)
        #expect(try await shop.announcements().count == 2)
    }

    /// The moves and unlinks of one step are steps too.
    @Test(arguments: [2, 3])
    func aCrashInTheMiddleOfAStepIsFinished(steps: Int) async throws {
        let deletion = try await interrupted(after: steps)
        let trash = shop.folder.trash + "/0123"
        if steps == 2 {
            // Only the first file had been moved.
            try FileManager.default.moveItem(atPath: trash + "/1-a.jpg", toPath: shop.folder.clips + "/s1/a.jpg")
        } else {
            // Only the first file had been unlinked.
            try FileManager.default.removeItem(atPath: trash + "/0-a.mp4")
        }
        try await shop.restarted().sweep()
        #expect(shop.files().isEmpty)
        #expect(try await shop.deletions() == [deletion])
    }

    @Test
    func aHalfWrittenJournalIsThrownAway() async throws {
        try await shop.adopt("a")
        try shop.write(#"{"deletion":{"#, to: "trash/0123/journal.json.part")
        try await shop.restarted().sweep()
        #expect(shop.files() == ["clips/s1/a.jpg", "clips/s1/a.mp4"])
        #expect(try await shop.deletions().isEmpty)
    }

    @Test
    func aRecordingsDeletionIsFinishedOnce() async throws {
        let path = try shop.write("raw", to: "uploads/u1")
        let file = Deletion.File(name: "u1", bytes: 3, sha256: "00")
        let deletion = Deletion(
            id: "0456",
            time: Date(),
            subject: .recording,
            subjectId: "u1",
            title: "t",
            cause: .served,
            files: [file]
        )
        let work = DeletionWork(deletion, paths: [path], in: shop.folder, keeper: FileKeeper(), store: shop.store)
        try await work.writeJournal()
        try await work.moveAside()
        _ = try await work.record()
        try await shop.restarted().sweep()
        #expect(shop.files().isEmpty)
        #expect(try await shop.deletions() == [deletion])
    }

    @Test
    func aClipThatWasNotInsertedIsALeftover() async throws {
        try await shop.adopt("a")
        try shop.write("v", to: "clips/s9/z.mp4")
        try shop.write("v", to: "clips/s9/y.mp4.part")
        try shop.write("v", to: "incoming/x.mp4")
        let report = try await shop.restarted().sweep()
        #expect(report.leftovers == 2)
        #expect(shop.files() == ["clips/s1/a.jpg", "clips/s1/a.mp4"])
    }

    @Test
    func filesOfOthersAreLeftAlone() async throws {
        try shop.write("v", to: "clips/s1/notes.txt")
        try shop.write("v", to: "clips/s1/.hidden")
        let report = try await shop.restarted().sweep()
        #expect(report.foreign == 2 && report.leftovers == 0)
        #expect(shop.files().count == 2)
    }

    @Test
    func anOlderStoreDoesNotCostTheClips() async throws {
        for number in 0...ClipLibrary.mostLeftovers { try shop.write("v", to: "clips/s1/c\(number).mp4") }
        let report = try await shop.restarted().sweep()
        #expect(report.leftovers == 0 && shop.files().count == ClipLibrary.mostLeftovers + 1)
    }

    @Test
    func aClipWhoseVideoIsGoneIsDeletedAsLost() async throws {
        try await shop.adopt("a")
        try await shop.adopt("b")
        try FileManager.default.removeItem(atPath: shop.folder.clips + "/s1/a.mp4")
        let report = try await shop.restarted().sweep()
        #expect(report.lost == 1)
        let deletion = try #require(try await shop.deletions().first)
        #expect(deletion.cause == .lost && deletion.files.map { $0.sha256 == nil } == [true, false])
        #expect(shop.files() == ["clips/s1/b.jpg", "clips/s1/b.mp4"])
    }

    @Test
    func aClipThatWasNotAnnouncedIsAnnounced() async throws {
        let clip = try await shop.adopt("a")
        var silent = clip
        silent.id = "b"
        try shop.write("v", to: "clips/s1/b.mp4")
        silent.files = Clip.Files(video: Clip.File(path: "s1/b.mp4", bytes: 1, sha256: ""))
        try await shop.store.insert(silent)
        #expect(try await shop.restarted().sweep().announced == 1)
        #expect(try await shop.announcements() == ["new_clip a", "new_clip b"])
        #expect(try await shop.restarted().sweep().isClean)
    }

    @Test
    func whatTheLogHasForgottenIsNotAnnouncedAnew() async throws {
        try await shop.adopt("a", age: 100)
        try await shop.store.forgetEvents(before: .distantFuture)
        #expect(try await shop.restarted().sweep().announced == 0)
    }

    @Test
    func anotherFolderIsNotTouched() async throws {
        try await shop.adopt("a")
        try FileManager.default.removeItem(atPath: shop.folder.clips)
        let failure = await #expect(throws: LibraryFailure.self) { try await shop.restarted().sweep() }
        #expect(failure?.code == .absent)
        #expect(try await shop.store.clip("a") != nil)
    }

    @Test
    func whatIsGoingOnIsNoLeftover() async throws {
        let place = try await shop.library.incoming(for: "new", ending: "mp4")
        try shop.write("v", to: "incoming/new.mp4")
        try await shop.adopt("a")
        #expect(try await shop.library.sweep().isClean)
        #expect(FileManager.default.fileExists(atPath: place))
    }
}
