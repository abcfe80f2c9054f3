import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeStore
import Logging
import StoreDouble
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RetentionServiceTests {
    /// Recordings as files of one folder.
    private final class Shelf: RecordingShelf {
        let folder: String
        let forgotten = Mutex<[String]>([])

        init(folder: String) { self.folder = folder }

        func recording(_ upload: String) async -> Recording? {
            let path = folder + "/uploads/" + upload
            return FileManager.default.fileExists(atPath: path)
                ? Recording(id: upload, name: upload, paths: [path]) : nil
        }

        func forget(_ upload: String) async { forgotten.withLock { $0.append(upload) } }
    }

    private let shop: Workshop
    private let shelf: Shelf

    init() throws {
        shop = try Workshop()
        shelf = Shelf(folder: shop.folder.data)
    }

    private func service(
        page: Int = 200,
        free: @escaping @Sendable () throws -> Int64 = { .max },
        _ change: (inout RetentionSettings) -> Void
    ) -> RetentionService {
        var settings = RetentionSettings()
        settings.grace = .zero
        change(&settings)
        return RetentionService(
            library: shop.library,
            store: shop.store,
            events: shop.events,
            shelf: shelf,
            settings: settings,
            page: page,
            logger: .silent,
            free: free
        )
    }

    private func session(_ id: String, _ state: Session.State, upload: String?) -> Session {
        var session = Session(
            id: id,
            channel: nil,
            source: Session.Source(kind: .recording, name: "x", upload: upload),
            pace: .fast,
            startedAt: Date()
        )
        session.state = state
        return session
    }

    private func clips() async throws -> [String] {
        try await shop.store.clips(ClipQuery(page: PageQuery(limit: 200))).items.map(\.id).sorted()
    }

    @Test
    func everyLimitDeletesRecordsAndPublishes() async throws {
        for number in 1...6 { try await shop.adopt("c\(number)", age: Double(100 - number)) }
        _ = try await shop.store.update("c1", ClipChange(keep: true))
        let service = service { $0.clipCount = 3 }
        await service.look()
        #expect(try await clips() == ["c1", "c5", "c6"])
        #expect(try await shop.deletions().map(\.subjectId) == ["c2", "c3", "c4"])
        #expect(try await shop.deletions().allSatisfy { $0.cause == .count && $0.files.count == 2 })
        #expect(try await shop.announcements().suffix(3).allSatisfy { $0.hasPrefix("deletion ") })
        #expect(await service.latest?.clips == 3)
    }

    @Test
    func moreThanAPageIsDeletedInOneLook() async throws {
        for number in 10...19 { try await shop.adopt("c\(number)", age: Double(1000 - number)) }
        await service(page: 3) { $0.clipCount = 1 }.look()
        #expect(try await clips() == ["c19"])
    }

    @Test
    func aFullDiskIsEmptiedButNotOfWhatIsKept() async throws {
        for number in 1...3 { try await shop.adopt("c\(number)", age: Double(100 - number)) }
        _ = try await shop.store.update("c1", ClipChange(keep: true))
        let service = service(free: { 10 }, { $0.freeBytes = 1 << 20 })
        await service.look()
        #expect(try await clips() == ["c1"])
        #expect(await service.latest?.unmet == [.lowDisk])
        #expect(try await shop.deletions().allSatisfy { $0.cause == .lowDisk })
    }

    @Test
    func aClipThatCannotBeDeletedDoesNotStopTheOthers() async throws {
        for number in 1...3 { try await shop.adopt("c\(number)", age: Double(100 - number)) }
        // A folder where the video should be cannot be hashed.
        try FileManager.default.removeItem(atPath: shop.folder.clips + "/s1/c1.mp4")
        try FileManager.default.createDirectory(
            atPath: shop.folder.clips + "/s1/c1.mp4",
            withIntermediateDirectories: true
        )
        let service = service { $0.clipCount = 0 }
        // The sweep at the first look would call it lost.
        await service.look()
        #expect(try await clips() == ["c1"])
        #expect((await service.latest?.failed ?? 0) >= 1)
    }

    @Test(arguments: [(Session.State.finished, true), (.stopped, true), (.failed, false), (.running, false)])
    func recordingsGoWhenTheirSessionIsOver(state: Session.State, isDeleted: Bool) async throws {
        try shop.write("raw", to: "uploads/u1")
        try await shop.store.save(session("s1", state, upload: "u1"))
        await service { _ in }.look()
        #expect(shop.files().contains("uploads/u1") == !isDeleted)
        #expect(shelf.forgotten.withLock { $0 } == (isDeleted ? ["u1"] : []))
        #expect(try await shop.deletions().map(\.cause) == (isDeleted ? [.served] : []))
    }

    @Test
    func recordingsStayWhileSomebodyNeedsThem() async throws {
        try shop.write("raw", to: "uploads/u1")
        try await shop.store.save(session("s1", .finished, upload: "u1"))
        try await shop.store.save(session("s2", .running, upload: "u1"))
        await service { _ in }.look()
        await service { $0.keepsRecordings = true }.look()
        #expect(shop.files() == ["uploads/u1"])
    }

    @Test
    func eventsAreForgottenByAge() async throws {
        _ = try await shop.store.append(.moment, session: nil, payload: Data("{}".utf8), at: Date() - 3600)
        await service { $0.eventAge = .seconds(1800) }.look()
        #expect(try await shop.store.events(after: 0, session: nil, limit: 10).isEmpty)
    }

    @Test
    func aNewClipAndAnEndedSessionAreLookedAtWhenTheyCome() async throws {
        let subscription = await shop.events.subscribe(after: nil)
        let service = service {
            $0.clipCount = 1
            $0.interval = .seconds(86_400)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await shop.adopt("old", age: 50)
            try await shop.adopt("new")
            for try await record in subscription where record.kind == .deletion { break }
            #expect(try await clips() == ["new"])
            try shop.write("raw", to: "uploads/u1")
            let over = session("s1", .finished, upload: "u1")
            try await shop.store.save(over)
            await shop.events.publish(.session, session: "s1", over)
            for try await record in subscription where record.kind == .deletion { break }
            #expect(try await shop.deletions().map(\.subject) == [.clip, .recording])
            group.cancelAll()
        }
    }

    @Test
    func everythingIsLookedAtAgainAfterTheInterval() async throws {
        let free = Mutex(Int64.max)
        let subscription = await shop.events.subscribe(after: nil)
        try await shop.adopt("a")
        let service = service(
            free: { free.withLock { $0 } },
            {
                $0.freeBytes = 1 << 20
                $0.interval = .milliseconds(2)
            }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            while await service.latest == nil { await Task.yield() }
            #expect(try await clips() == ["a"])
            free.withLock { $0 = 0 }
            for try await record in subscription where record.kind == .deletion { break }
            group.cancelAll()
        }
        #expect(try await shop.deletions().map(\.cause) == [.lowDisk])
    }

    @Test
    func aMissingDiskIsLeftAlone() async throws {
        try await shop.library.sweep()
        try await shop.adopt("a")
        try FileManager.default.removeItem(atPath: shop.folder.clips)
        let service = service { $0.clipCount = 0 }
        await service.look()
        #expect(try await clips() == ["a"])
        #expect(await service.latest == nil)
    }

    @Test
    func beingEndedIsNoMistake() async throws {
        try await shop.adopt("a")
        // A store refuses to work for a task that is cancelled, as at the end of the program.
        let store = try SQLiteStore(path: shop.folder.data + "/store.sqlite")
        let log = LogCollector()
        let service = RetentionService(
            library: shop.library,
            store: store,
            events: shop.events,
            shelf: shelf,
            settings: RetentionSettings(),
            logger: log.logger(),
            free: { .max }
        )
        await withDiscardingTaskGroup { group in
            group.cancelAll()
            group.addTask { await service.look() }
        }
        #expect(await service.latest == nil, "the store did not refuse")
        #expect(log.lines.isEmpty)
        await store.close()
        await service.look()
        #expect(log.lines.contains { $0.hasPrefix("error retention has to wait") })
    }
}
