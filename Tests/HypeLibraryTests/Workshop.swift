import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeStore
import Logging
import StoreDouble
import TestSupport

/// A data folder, a store, a log and a library for one test.
final class Workshop: Sendable {
    let folder: LibraryFolder
    let store = InMemoryStore()
    let events: EventLog
    let library: ClipLibrary

    init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "hypeclip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        folder = LibraryFolder(data: path.path(percentEncoded: false))
        events = EventLog(store: store, logger: .silent)
        library = ClipLibrary(folder: folder, store: store, events: events, logger: .silent)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.data) }

    /// The library as it is after a restart.
    func restarted() -> ClipLibrary {
        ClipLibrary(folder: folder, store: store, events: EventLog(store: store, logger: .silent), logger: .silent)
    }

    /// A clip document without files.
    static func clip(_ id: String, age: TimeInterval = 0, session: String? = "s1") -> Clip {
        let interval = MediaInterval(seconds: 10..<20)
        let plan = ClipPlan(
            interval: interval,
            core: interval,
            moments: [1],
            decision: .clip,
            score: 0.9,
            reason: "test"
        )
        var clip = Clip(
            id: id,
            createdAt: Date(timeIntervalSince1970: (Date().timeIntervalSince1970 - age).rounded(.down)),
            interval: interval,
            plan: plan,
            trigger: Clip.Trigger(kinds: [.chat, .voice], score: 0.9, rule: .clip),
            signals: [],
            emotions: nil,
            title: "Title of \(id)",
            hashtags: [],
            files: Clip.Files(),
            state: .saved
        )
        clip.sessionId = session
        return clip
    }

    /// Writes a file below the data folder.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: folder.data + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path(percentEncoded: false)
    }

    /// Adopts a clip with a video and a picture.
    @discardableResult
    func adopt(_ id: String, age: TimeInterval = 0, session: String? = "s1") async throws -> Clip {
        let video = try await library.incoming(for: id, ending: "mp4")
        let picture = try await library.incoming(for: id, ending: "jpg")
        try Data("video of \(id)".utf8).write(to: URL(filePath: video))
        try Data("picture of \(id)".utf8).write(to: URL(filePath: picture))
        return try await library.adopt(Self.clip(id, age: age, session: session), video: video, thumbnail: picture)
    }

    /// All files below the data folder but for the marker, sorted.
    func files() -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.data)?.compactMap { $0 as? String } ?? []
        return all.filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder.data + "/" + name, isDirectory: &isFolder)
            return !isFolder.boolValue && !name.hasSuffix(".hypeclip")
        }
        .sorted()
    }

    /// Kinds and identifiers of the events that are kept.
    func announcements() async throws -> [String] {
        struct Named: Decodable { var id: String }
        return try await store.events(after: 0, session: nil, limit: 1000).map { record in
            "\(record.kind.rawValue) \(try DocumentJSON.decode(Named.self, from: record.payload).id)"
        }
    }

    /// All deletions, the oldest first.
    func deletions() async throws -> [Deletion] {
        try await store.deletions(PageQuery(limit: 200)).items.reversed()
    }
}
