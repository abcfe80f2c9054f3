package import Foundation
import GRDB
package import HypeCore

extension SQLiteStore {
    /// A text that more clips have in their title is looked for along the list, a rarer one by the index of titles.
    ///
    /// Looking up so many rows takes about as long as the walk to a page of 51 where one in 300 of 100,000 fits.
    package static let commonTitle = 300

    package func insert(_ clip: Clip) async throws(StoreError) {
        let document = try StoreCoding.encode(clip)
        try await write { try Self.insert(clip, document, into: $0) }
    }

    package func clip(_ id: String) async throws(StoreError) -> Clip? {
        try await entry(id, in: "clip")
    }

    package func clips(_ query: ClipQuery) async throws(StoreError) -> Page<Clip> {
        try await page(of: .clips, query.page) { database, position, limit in
            try Self.selection(of: query, database, after: position, limit: limit)
        }
    }

    package func clipDocuments(_ query: ClipQuery) async throws(StoreError) -> Page<Data> {
        let page = try await rows(of: .clips, query.page) { database, position, limit in
            try Self.selection(of: query, database, after: position, limit: limit)
        }
        var documents: [Data] = []
        documents.reserveCapacity(page.items.count)
        for row in page.items { documents.append(try StoreCoding.document(ofClip: row.document)) }
        return Page(items: documents, next: page.next)
    }

    /// Chooses the way that looks at the fewest rows.
    private static func selection(
        of query: ClipQuery,
        _ database: Database,
        after position: PagePosition,
        limit: Int
    ) throws -> SQLiteSelection {
        if let title = query.title, let search = SQLiteSelection.rows(withTitle: title, limit: commonTitle + 1) {
            let statement = try database.cachedStatement(sql: search.sql)
            let rows = try Int64.fetchAll(statement, arguments: search.arguments)
            if rows.count <= commonTitle { return .clips(query, among: rows, after: position, limit: limit) }
        }
        return SQLiteSelection.clips(query, after: position, limit: limit)
    }

    package func update(_ id: String, _ change: ClipChange) async throws(StoreError) -> Clip {
        try await write { database in
            let sql = "SELECT document FROM clip WHERE id = ?"
            guard let document = try Data.fetchOne(database, sql: sql, arguments: [ColumnText.escaped(id)]) else {
                throw StoreError(.notFound, "There is no clip “\(id)”.")
            }
            var clip = try StoreCoding.decode(Clip.self, from: document)
            clip.apply(change)
            try database.execute(
                sql: "UPDATE clip SET keep = ?, title = ?, document = ? WHERE id = ?",
                arguments: [clip.keep ? 1 : 0, titleColumn(of: clip), try text(of: clip), ColumnText.escaped(id)]
            )
            return clip
        }
    }

    package func improve(_ clip: Clip, over previous: Clip) async throws(StoreError) -> Clip {
        try await write { database in
            let sql = "SELECT document FROM clip WHERE id = ?"
            guard let document = try Data.fetchOne(database, sql: sql, arguments: [ColumnText.escaped(clip.id)]) else {
                throw StoreError(.notFound, "There is no clip “\(clip.id)”.")
            }
            let better = clip.merged(over: previous, stored: try StoreCoding.decode(Clip.self, from: document))
            let kinds = better.trigger.kinds
            try database.execute(
                sql: "UPDATE clip SET chat = ?, voice = ?, face = ?, title = ?, bytes = ?, document = ? WHERE id = ?",
                arguments: [
                    kinds.contains(.chat) ? 1 : 0, kinds.contains(.voice) ? 1 : 0, kinds.contains(.face) ? 1 : 0,
                    titleColumn(of: better), better.bytes, try text(of: better), ColumnText.escaped(clip.id),
                ]
            )
            return better
        }
    }

    package func remove(_ id: String, recording deletion: Deletion) async throws(StoreError) -> Bool {
        try await write { database in
            try database.execute(sql: "DELETE FROM clip WHERE id = ?", arguments: [ColumnText.escaped(id)])
            guard database.changesCount > 0 else { return false }
            try Self.insert(deletion, into: database)
            return true
        }
    }

    package func totals() async throws(StoreError) -> ClipTotals {
        try await read { database in
            let sql = "SELECT clips, bytes FROM clip_total WHERE id = 1"
            guard let row = try Row.fetchOne(database, sql: sql) else { return ClipTotals(clips: 0, bytes: 0) }
            return ClipTotals(clips: row[0], bytes: row[1])
        }
    }

    package func expendable(limit: Int) async throws(StoreError) -> [Clip] {
        try await entries(.expendable(limit: max(0, limit)))
    }

    private static func insert(_ clip: Clip, _ document: Data, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO clip (id, created, session, channel, keep, chat, voice, face, title, bytes, document)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        let kinds = clip.trigger.kinds
        try statement.execute(arguments: [
            ColumnText.escaped(clip.id), StoreTime.milliseconds(clip.createdAt),
            clip.sessionId.map(ColumnText.escaped), clip.channel.map(ColumnText.escaped), clip.keep ? 1 : 0,
            kinds.contains(.chat) ? 1 : 0, kinds.contains(.voice) ? 1 : 0, kinds.contains(.face) ? 1 : 0,
            titleColumn(of: clip), clip.bytes, String(decoding: document, as: UTF8.self),
        ])
    }

    // MARK: Deletions

    package func record(_ deletion: Deletion) async throws(StoreError) {
        try await write { try Self.insert(deletion, into: $0) }
    }

    package func deletions(_ query: PageQuery) async throws(StoreError) -> Page<Deletion> {
        try await page(of: .deletions, query) { _, position, limit in
            .page(of: "deletion", by: "deletion_created", after: position, limit: limit)
        }
    }

    private static func insert(_ deletion: Deletion, into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO deletion (id, created, document) VALUES (?, ?, ?)",
            arguments: [
                ColumnText.escaped(deletion.id), StoreTime.milliseconds(deletion.time), try text(of: deletion),
            ]
        )
    }
}

/// What titles are searched in.
private func titleColumn(of clip: Clip) -> String { ColumnText.escaped(TitleFolding.fold(clip.title)) }

/// The JSON of a value as text.
func text(of value: some Encodable) throws(StoreError) -> String {
    String(decoding: try StoreCoding.encode(value), as: UTF8.self)
}
