import Foundation
import GRDB
import HypeCore
import HypeStore
import Testing

/// What becomes of the file, and of one that is not as it should be.
struct SQLiteFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func expectFailure(_ code: StoreError.Code, opening path: String, saying word: String) {
        do {
            _ = try SQLiteStore(path: path, patience: .milliseconds(20))
            Issue.record("it was opened")
        } catch {
            #expect(error.code == code, "\(error)")
            #expect(error.message.contains(word), "\(error)")
        }
    }

    @Test func makesFoldersAndFilesThatOnlyTheOwnerReads() async throws {
        let path = scratch.path("a/b/store.sqlite")
        let store = try SQLiteStore(path: path)
        _ = try await store.append(.session, session: nil, payload: Data(), at: Date())
        #expect(try permissions(scratch.path("a")) == 0o700)
        #expect(try permissions(scratch.path("a/b")) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(try permissions(path + suffix) == 0o600, "\(suffix)") }
        await store.close()
    }

    @Test func waitsForTheDiskAtEveryCommit() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        let modes = try await store.pool.writeWithoutTransaction { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
            )
        }
        #expect(modes.0 == 2)
        #expect(modes.1 == "wal")
        #expect(modes.2 == 1)
        await store.close()
    }

    @Test func refusesADatabaseOfANewerVersion() async throws {
        let path = scratch.path("store.sqlite")
        let store = try SQLiteStore(path: path)
        try await store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
        await store.close()
        expectFailure(.corrupt, opening: path, saying: "newer version")
    }

    @Test func saysWhenAFileIsNoDatabase() throws {
        let path = scratch.path("store.sqlite")
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
        expectFailure(.corrupt, opening: path, saying: "restore a backup")
    }

    @Test func saysWhenAFileIsDamaged() async throws {
        let path = scratch.path("store.sqlite")
        let store = try SQLiteStore(path: path)
        for number in 0..<50 {
            _ = try await store.append(.moment, session: "s\(number)", payload: Data(count: 4000), at: Date())
        }
        await store.close()
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let size = try file.seekToEnd()
        // The last pages, which hold events; the first ones hold the schema.
        try file.seek(toOffset: size - 100_000)
        try file.write(contentsOf: Data(repeating: 0xAA, count: 100_000))
        try file.close()
        let damaged = try SQLiteStore(path: path)
        let error = await #expect(throws: StoreError.self) {
            _ = try await damaged.events(after: 0, session: nil, limit: 1000)
        }
        #expect(error?.code == .corrupt)
        await damaged.close()
    }

    @Test func saysWhenTheFileCannotBeMade() throws {
        let path = scratch.path("file")
        try Data().write(to: URL(filePath: path))
        expectFailure(.unavailable, opening: path + "/store.sqlite", saying: "folder")
    }

    @Test func saysWhenTheDiskIsFull() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        let first = try await store.append(.moment, session: nil, payload: Data(), at: Date())
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.append(.moment, session: nil, payload: Data(count: 100_000), at: Date())
        }
        #expect(error?.code == .full)
        #expect(try await store.lastEvent() == first.id)
        await store.close()
    }

    @Test func saysWhenAnotherProgramHoldsTheDatabase() async throws {
        let path = scratch.path("store.sqlite")
        let store = try SQLiteStore(path: path, patience: .milliseconds(20))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.append(.moment, session: nil, payload: Data(), at: Date())
        }
        #expect(error?.code == .unavailable)
        // Readers go on meanwhile.
        #expect(try await store.lastEvent() == 0)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        _ = try await store.append(.moment, session: nil, payload: Data(), at: Date())
        await store.close()
    }

    @Test func saysWhenADocumentIsNotUnderstood() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        try await store.pool.write { database in
            try database.execute(sql: "INSERT INTO session VALUES ('s', 1, 0, '{\"id\":1}')")
            try database.execute(sql: "INSERT INTO event VALUES (7, 1, 'unheard of', NULL, x'00')")
        }
        for read in [
            { _ = try await store.session("s") }, { _ = try await store.sessions(PageQuery()) },
            { _ = try await store.events(after: 0, session: nil, limit: 5) },
        ] as [() async throws -> Void] {
            let error = await #expect(throws: StoreError.self) { try await read() }
            #expect(error?.code == .corrupt)
        }
        await store.close()
    }

    @Test func answersAfterClosingWithAnError() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        await store.close()
        await store.close()
        let error = await #expect(throws: StoreError.self) { try await store.ping() }
        #expect(error?.code == .unavailable)
    }

    @Test func leavesOneWholeFile() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        let event = try await store.append(.moment, session: nil, payload: Data(count: 100_000), at: Date())
        _ = try await store.events(after: 0, session: nil, limit: 10)
        await store.close()
        try FileManager.default.copyItem(atPath: scratch.path("store.sqlite"), toPath: scratch.path("copy.sqlite"))
        let copy = try SQLiteStore(path: scratch.path("copy.sqlite"))
        #expect(try await copy.lastEvent() == event.id)
        await copy.close()
    }

    /// What docs/store.md tells people to do while the server runs.
    @Test func canBeCopiedWhileItIsWrittenTo() async throws {
        let store = try SQLiteStore(path: scratch.path("store.sqlite"))
        let copy = scratch.path("copy.sqlite")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<200 { _ = try await store.append(.moment, session: nil, payload: Data(), at: Date()) }
            }
            group.addTask {
                try await DatabaseQueue(path: store.pool.path).writeWithoutTransaction { database in
                    try database.execute(sql: "VACUUM INTO ?", arguments: [copy])
                }
            }
            try await group.waitForAll()
        }
        await store.close()
        let restored = try SQLiteStore(path: copy)
        let last = try await restored.lastEvent()
        let next = try await restored.append(.moment, session: nil, payload: Data(), at: Date())
        #expect(next.id == last + 1)
        await restored.close()
    }
}
