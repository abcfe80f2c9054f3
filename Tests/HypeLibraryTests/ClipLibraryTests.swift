import Foundation
import HypeCore
import HypeLibrary
import HypeStore
import StoreDouble
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ClipLibraryTests {
    private let shop: Workshop

    init() throws { shop = try Workshop() }

    /// SHA-256 of `video of a`, by Python's hashlib.
    private static let videoHash = "f815541a9de549ca085c70b5bf1f63527439f86d2fb16c112a990b917e9bf73c"

    @Test
    func anAdoptedClipIsInPlaceStoredAndAnnounced() async throws {
        let clip = try await shop.adopt("a")
        #expect(clip.files.video == Clip.File(path: "s1/a.mp4", bytes: 10, sha256: Self.videoHash))
        #expect(shop.files() == ["clips/s1/a.jpg", "clips/s1/a.mp4"])
        #expect(try await shop.store.clip("a") == clip)
        #expect(try await shop.announcements() == ["new_clip a"])
        let place = try #require(try await shop.library.place(of: .video, of: "a"))
        #expect(place.path == shop.folder.clips + "/s1/a.mp4" && place.mediaType == "video/mp4")
        #expect(try await shop.library.place(of: .thumbnail, of: "a")?.mediaType == "image/jpeg")
    }

    @Test
    func aClipWithoutASessionOrPictureIsFine() async throws {
        let video = try shop.write("v", to: "incoming/x.mp4")
        let clip = try await shop.library.adopt(Workshop.clip("x", session: nil), video: video, thumbnail: nil)
        #expect(clip.files.video?.path == "_/x.mp4" && clip.files.thumbnail == nil)
        #expect(try await shop.library.place(of: .thumbnail, of: "x") == nil)
    }

    @Test
    func aFileThatIsNotWhatWasWrittenIsRefused() async throws {
        var clip = Workshop.clip("a")
        clip.files.video = Clip.File(path: "", bytes: 1, sha256: "00")
        let video = try shop.write("v", to: "incoming/a.mp4")
        let failure = await #expect(throws: LibraryFailure.self) {
            try await shop.library.adopt(clip, video: video, thumbnail: nil)
        }
        #expect(failure?.code == .changed && shop.files() == ["incoming/a.mp4"])
    }

    @Test
    func aStoreThatRefusesLeavesTheFilesWhereTheyWere() async throws {
        await shop.store.fail(with: StoreError(.full, "the disk is full"))
        let failure = await #expect(throws: LibraryFailure.self) { try await shop.adopt("a") }
        #expect(failure?.code == .store)
        #expect(shop.files() == ["incoming/a.jpg", "incoming/a.mp4"])
    }

    @Test
    func anIdentifierIsAdoptedOnce() async throws {
        try await shop.adopt("a")
        let before = shop.files()
        let failure = await #expect(throws: LibraryFailure.self) { try await shop.adopt("a") }
        #expect(failure?.code == .exists)
        #expect(shop.files() == before + ["incoming/a.jpg", "incoming/a.mp4"])
    }

    @Test
    func aBetterVersionTakesThePlaceAndTheOldOneIsDeletedWithProof() async throws {
        let first = try await shop.adopt("a")
        _ = try await shop.store.update("a", ClipChange(title: "Mine", keep: true))
        var better = Workshop.clip("a")
        better.title = "Better"
        better.end = MediaTime(seconds: 23)
        for version in 2...3 {
            let video = try shop.write("video \(version)", to: "incoming/a.mp4")
            let picture = try shop.write("picture \(version)", to: "incoming/a.jpg")
            let stored = try await shop.library.improve(better, over: first, video: video, thumbnail: picture)
            #expect(stored.files.video?.path == "s1/a_v\(version).mp4")
            #expect(stored.title == "Mine" && stored.keep && stored.end == MediaTime(seconds: 23))
            #expect(shop.files() == ["clips/s1/a_v\(version).jpg", "clips/s1/a_v\(version).mp4"])
        }
        let deletions = try await shop.store.deletions(PageQuery()).items
        #expect(deletions.map(\.cause) == [.replaced, .replaced])
        #expect(deletions.last?.files.first?.sha256 == Self.videoHash)
        #expect(try await shop.announcements().filter { $0.hasPrefix("clip ") }.count == 2)
        _ = try await shop.restarted().sweep()
        #expect(shop.files() == ["clips/s1/a_v3.jpg", "clips/s1/a_v3.mp4"])
        #expect(try await shop.library.place(of: .video, of: "a")?.path == shop.folder.clips + "/s1/a_v3.mp4")
    }

    @Test
    func whatACrashLeftOfAnImprovementIsSweptAway() async throws {
        try await shop.adopt("a")
        try shop.write("unnamed", to: "clips/s1/a_v2.mp4")
        let report = try await shop.restarted().sweep()
        #expect(report.leftovers == 1)
        #expect(shop.files() == ["clips/s1/a.jpg", "clips/s1/a.mp4"])
    }

    @Test
    func whatIsNotThereCannotBeImproved() async throws {
        let video = try shop.write("v", to: "incoming/a.mp4")
        let clip = Workshop.clip("a")
        let failure = await #expect(throws: LibraryFailure.self) {
            try await shop.library.improve(clip, over: clip, video: video, thumbnail: nil)
        }
        #expect(failure?.code == .notFound && shop.files() == ["incoming/a.mp4"])
    }

    @Test(arguments: ["../a", "a/b", ""])
    func namesThatLeadElsewhereAreRefused(id: String) async throws {
        let video = try shop.write("v", to: "incoming/v.mp4")
        let failure = await #expect(throws: LibraryFailure.self) {
            try await shop.library.adopt(Workshop.clip(id), video: video, thumbnail: nil)
        }
        #expect(failure?.code == .name)
    }

    @Test
    func aStoredPathThatLeadsElsewhereIsNotServedOrDeleted() async throws {
        var clip = Workshop.clip("evil")
        clip.files.video = Clip.File(path: "../secret.mp4", bytes: 1, sha256: "")
        try shop.write("secret", to: "secret.mp4")
        try await shop.store.insert(clip)
        let served = await #expect(throws: LibraryFailure.self) { try await shop.library.place(of: .video, of: "evil") }
        let deleted = await #expect(throws: LibraryFailure.self) {
            try await shop.library.delete("evil", cause: .request)
        }
        #expect(served?.code == .name && deleted?.code == .name)
        #expect(shop.files() == ["secret.mp4"])
    }

    @Test
    func aLinkIsNotServed() async throws {
        try await shop.adopt("a")
        let path = shop.folder.clips + "/s1/a.mp4"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
        #expect(try await shop.library.place(of: .video, of: "a") == nil)
    }

    @Test
    func aDeletionLeavesNothingButItsProof() async throws {
        try await shop.adopt("a")
        try await shop.adopt("b")
        let open = try #require(FileHandle(forReadingAtPath: shop.folder.clips + "/s1/a.mp4"))
        let deletion = try await shop.library.delete("a", cause: .request)
        #expect(deletion.subject == .clip && deletion.subjectId == "a" && deletion.title == "Title of a")
        #expect(deletion.files.first == Deletion.File(name: "s1/a.mp4", bytes: 10, sha256: Self.videoHash))
        #expect(shop.files() == ["clips/s1/b.jpg", "clips/s1/b.mp4"])
        #expect(try await shop.store.clip("a") == nil)
        #expect(try await shop.deletions() == [deletion])
        #expect(try await shop.announcements().last == "deletion \(deletion.id)")
        // Whoever plays it goes on playing.
        #expect(try open.readToEnd() == Data("video of a".utf8))
    }

    @Test
    func theProofNamesWhatWasReallyThere() async throws {
        try await shop.adopt("a")
        try shop.write("something else", to: "clips/s1/a.mp4")
        try FileManager.default.removeItem(atPath: shop.folder.clips + "/s1/a.jpg")
        let deletion = try await shop.library.delete("a", cause: .age)
        #expect(deletion.files.map(\.bytes) == [14, 12])
        #expect(deletion.files.first?.sha256 != Self.videoHash && deletion.files.last?.sha256 == nil)
    }

    @Test
    func aDeletionThatCannotBeRecordedIsUndone() async throws {
        let clip = try await shop.adopt("a")
        let before = shop.files()
        await shop.store.failDeletions(with: StoreError(.full, "the disk is full"))
        let failure = await #expect(throws: LibraryFailure.self) { try await shop.library.delete("a", cause: .age) }
        #expect(failure?.code == .store)
        #expect(shop.files() == before)
        #expect(try await shop.store.clip("a") == clip)
        await shop.store.failDeletions(with: nil)
        _ = try await shop.library.delete("a", cause: .age)
        #expect(shop.files().isEmpty)
    }

    @Test
    func aClipIsDeletedOnce() async throws {
        try await shop.adopt("a")
        let library = shop.library
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (try? await library.delete("a", cause: .request)) != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results.count { $0 } == 1)
        #expect(try await shop.deletions().count == 1)
        let failure = await #expect(throws: LibraryFailure.self) { try await library.delete("a", cause: .request) }
        #expect(failure?.code == .notFound)
    }

    @Test
    func aRecordingIsDeletedWithProof() async throws {
        let path = try shop.write("raw", to: "uploads/u1/content")
        let recording = Recording(id: "u1", name: "stream.mp4", paths: [path, path + ".missing"])
        let deletion = try #require(try await shop.library.delete(recording, session: "s1", cause: .served))
        #expect(deletion.subject == .recording && deletion.files.map(\.name) == ["content"])
        #expect(shop.files().isEmpty)
        #expect(try await shop.deletions() == [deletion])
        #expect(try await shop.library.delete(recording, session: "s1", cause: .served) == nil)
    }
}
