import Foundation
package import GRDB
import SystemPackage

/// The default store: one SQLite database, nothing to configure.
///
/// A write-ahead log lets readers go on while one writes. Every commit waits for the disk (`synchronous = FULL`), because
/// an event number that a power cut took back would be given to another event, and a deletion would lose its proof; `NORMAL`
/// would allow both. GRDB runs all statements on its own threads, so no task of the program is held up by a disk.
package struct SQLiteStore: ClipStore {
    /// The connections: one that writes and several that read.
    package let pool: DatabasePool

    /// Opens a database and brings it up to date; makes it where there is none.
    ///
    /// - Parameters:
    ///   - path: Path of the database file. Missing folders are made, readable by the owner alone, and so is the file.
    ///   - patience: How long a statement waits for another process that holds the database.
    /// - Throws: ``StoreError``: `unavailable` where the file cannot be opened, `corrupt` where it is damaged, is no database or
    ///   was made by a newer version.
    package init(path: String, patience: Duration = .seconds(5)) throws(StoreError) {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.maximumReaderCount = 4
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience / .seconds(1))
        do {
            try Self.prepareFile(path)
            pool = try DatabasePool(path: path, configuration: configuration)
            // After opening, since GRDB sets NORMAL while it turns the write-ahead log on.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let migrator = SQLiteSchema.migrator
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw StoreError(
                    .corrupt,
                    "The database \(path) was made by a newer version of Hypeclip. Install that version, or name another path."
                )
            }
            try migrator.migrate(pool)
        } catch {
            throw SQLiteFailure.storeError(error, path: path)
        }
    }

    /// Makes the folders and an empty file that only the owner can read; SQLite gives its other files the same rights.
    private static func prepareFile(_ path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let file = try FileDescriptor.open(
            FilePath(path),
            .readWrite,
            options: [.create, .closeOnExec],
            permissions: .ownerReadWrite
        )
        try file.close()
    }

    // MARK: Life

    package func ping() async throws(StoreError) {
        try await read { try $0.execute(sql: "SELECT 1 FROM clip_total WHERE id = 1") }
    }

    package func close() async {
        // The barrier lets everything that was asked for before come to its end. The log goes into the file here, since GRDB
        // closes the connections that cannot write last (https://github.com/groue/GRDB.swift/issues/739).
        _ = try? await pool.barrierWriteWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }

    // MARK: Access

    /// Reads from a consistent state.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw SQLiteFailure.storeError(error, path: pool.path)
        }
    }

    /// Writes in one transaction.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await pool.write(body)
        } catch {
            throw SQLiteFailure.storeError(error, path: pool.path)
        }
    }

    /// A page of a list.
    func page<Entry: Decodable & Sendable>(
        of list: PagePosition.List,
        _ query: PageQuery,
        _ select: @escaping @Sendable (Database, _ after: PagePosition, _ limit: Int) throws -> SQLiteSelection
    ) async throws(StoreError) -> Page<Entry> {
        let page = try await rows(of: list, query, select)
        return Page(items: try decode(page.items), next: page.next)
    }

    /// A page of a list, as it is stored.
    func rows(
        of list: PagePosition.List,
        _ query: PageQuery,
        _ select: @escaping @Sendable (Database, _ after: PagePosition, _ limit: Int) throws -> SQLiteSelection
    ) async throws(StoreError) -> Page<StoredRow> {
        let position = try PagePosition(of: query, in: list)
        let limit = PageQuery(limit: query.limit).limit
        var rows = try await read { database in
            // One more than asked for, to know whether there is another page.
            try StoredRow.fetchAll(database, select(database, position, limit + 1))
        }
        guard rows.count > limit else { return Page(items: rows, next: nil) }
        rows.removeLast(rows.count - limit)
        return Page(items: rows, next: rows.last?.position.cursor(of: list))
    }

    /// All entries that a statement selects.
    func entries<Entry: Decodable & Sendable>(_ selection: SQLiteSelection) async throws(StoreError) -> [Entry] {
        try decode(try await read { try StoredRow.fetchAll($0, selection) })
    }

    /// The entry with an identifier.
    func entry<Entry: Decodable & Sendable>(_ id: String, in table: String) async throws(StoreError) -> Entry? {
        let rows = try await read { database in
            try StoredRow.fetchAll(
                database,
                SQLiteSelection(
                    sql: "SELECT created, id, document FROM \(table) WHERE id = ?",
                    arguments: [ColumnText.escaped(id)]
                )
            )
        }
        let entries: [Entry] = try decode(rows)
        return entries.first
    }

    private func decode<Entry: Decodable>(_ rows: [StoredRow]) throws(StoreError) -> [Entry] {
        let decoder = StoreCoding.decoder()
        var entries: [Entry] = []
        entries.reserveCapacity(rows.count)
        for row in rows { entries.append(try StoreCoding.decode(Entry.self, from: row.document, with: decoder)) }
        return entries
    }
}

/// A row of any table that keeps documents.
struct StoredRow: Sendable {
    /// Where it lies in its list.
    var position: PagePosition
    /// Its JSON.
    var document: Data

    static func fetchAll(_ database: Database, _ selection: SQLiteSelection) throws -> [StoredRow] {
        let statement = try database.cachedStatement(sql: selection.sql)
        var found: [StoredRow] = []
        let rows = try Row.fetchCursor(statement, arguments: selection.arguments)
        while let row = try rows.next() {
            found.append(StoredRow(position: PagePosition(time: row[0], id: row[1]), document: row[2]))
        }
        return found
    }
}
