import Foundation
import GRDB
import HypeCore
import HypeStore
import Testing

/// What SQLite does for a statement.
struct SQLitePlanTests {
    private let scratch: Scratch
    private let store: SQLiteStore

    init() throws {
        scratch = try Scratch()
        store = try SQLiteStore(path: scratch.path("store.sqlite"))
    }

    private func plan(of selection: SQLiteSelection) throws -> [String] {
        try store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(selection.sql)", arguments: selection.arguments)
                .map { $0["detail"] }
        }
    }

    /// All combinations of the filters of clips.
    private static let clipQueries: [ClipQuery] = {
        var queries = [ClipQuery()]
        func vary(_ change: (inout ClipQuery) -> Void) {
            queries += queries.map { query in
                var query = query
                change(&query)
                return query
            }
        }
        vary { $0.session = "s" }
        vary { $0.channel = "c" }
        vary { $0.kind = .face }
        vary { $0.since = Date() }
        vary { $0.until = Date() }
        vary { $0.title = "ab" }
        let undecided = queries
        for keep in [true, false] {
            queries += undecided.map { query in
                var query = query
                query.keep = keep
                return query
            }
        }
        return queries
    }()

    private static let positions = [PagePosition.beginning, PagePosition(time: 5, id: "x")]

    @Test func readsClipsAlongAnIndexFromThePosition() throws {
        for query in Self.clipQueries {
            for position in Self.positions {
                let plan = try plan(of: .clips(query, after: position, limit: 51))
                #expect(plan.count == 1)
                let step = plan.first ?? ""
                #expect(step.hasPrefix("SEARCH clip USING INDEX clip_"), "\(query): \(plan)")
                #expect(step.contains("created<?") || step.contains("(created,id)<(?,?)"), "\(query): \(plan)")
            }
        }
    }

    @Test func sortsOnlyTheFewClipsWithARareTitle() throws {
        let plan = try plan(of: .clips(ClipQuery(), among: [1, 2], after: .beginning, limit: 51))
        #expect(plan.first?.hasPrefix("SEARCH clip USING INTEGER PRIMARY KEY") == true, "\(plan)")
        #expect(plan.filter { $0.hasPrefix("SCAN") }.allSatisfy { $0.contains("json_each") }, "\(plan)")
    }

    @Test(arguments: ["a", "ab", "abc", "\"", "a longer title"])
    func looksTitlesUpInTheirIndex(title: String) throws {
        let selection = try #require(SQLiteSelection.rows(withTitle: title, limit: 5))
        let plan = try plan(of: selection)
        #expect(plan.first?.contains("VIRTUAL TABLE INDEX") == true, "\(plan)")
        #expect(SQLiteSelection.rows(withTitle: "", limit: 5) == nil)
    }

    @Test func readsAllOtherListsAlongAnIndex() throws {
        var selections: [SQLiteSelection] = [
            .expendable(limit: 5), .unfinishedSessions(), .webhooks(), .dueDeliveries(at: 5, limit: 5),
            .dueDeliveries(of: "a", at: 5, limit: 5),
            .events(after: 5, session: nil, limit: 5), .events(after: 5, session: "s", limit: 5),
            .page(of: "deletion", by: "deletion_created", after: .beginning, limit: 5),
            .page(of: "session", by: "session_created", after: .beginning, limit: 5),
            .page(
                of: "delivery",
                by: "delivery_state",
                where: [("state", "dead")],
                after: .beginning,
                limit: 5
            ),
        ]
        for session in [nil, "s"] {
            for decision in [nil, Moment.Decision.clip] {
                var query = MomentQuery()
                query.session = session
                query.decision = decision
                selections.append(.moments(query, after: .beginning, limit: 5))
            }
        }
        for selection in selections {
            let plan = try plan(of: selection)
            #expect(plan.count == 1)
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(selection.sql): \(plan)")
        }
    }

    @Test(arguments: [
        "SELECT created, id, document FROM clip WHERE id = 'x'",
        "SELECT created, id, document FROM session WHERE id = 'x'",
        "SELECT clips, bytes FROM clip_total WHERE id = 1", "DELETE FROM event WHERE time < 5",
        "DELETE FROM delivery INDEXED BY delivery_over WHERE state <> 'pending' AND created < 5",
        "DELETE FROM delivery INDEXED BY delivery_webhook WHERE webhook = 'x' AND state = 'pending'",
    ])
    func findsSingleRowsByAnIndex(sql: String) throws {
        let plan = try plan(of: SQLiteSelection(sql: sql, arguments: []))
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
    }

    /// The index of titles and the walk along the list find the same, however many clips share a title.
    @Test func findsCommonTitlesAsRareOnes() async throws {
        let common = SQLiteStore.commonTitle
        let document = String(decoding: try StoreCoding.encode(Self.clip), as: UTF8.self)
        try await store.pool.write { database in
            for number in 0..<2 * common {
                try database.execute(
                    sql: """
                        INSERT INTO clip (id, created, keep, chat, voice, face, title, bytes, document)
                        VALUES (?, ?, 0, 1, 0, 0, ?, 0, ?)
                        """,
                    arguments: ["\(number)", number, "common \(number % 2 == 0 ? "even" : "odd")", document]
                )
            }
            try database.execute(sql: "UPDATE clip SET title = 'common odd too' WHERE id = '2'")
        }
        for (title, count) in [
            ("common", 2 * common), ("odd", common + 1), ("even", common - 1), ("n", 2 * common), ("oo", 1),
        ] {
            var query = ClipQuery(page: PageQuery(limit: 200))
            query.title = title
            var found = 0
            repeat {
                let page = try await store.clips(query)
                found += page.items.count
                query.page.cursor = page.next
            } while query.page.cursor != nil
            #expect(found == count, "“\(title)”")
        }
        await store.close()
    }

    private static let clip: Clip = {
        let interval = MediaInterval(seconds: 0..<1)
        return Clip(
            id: "x",
            createdAt: Date(timeIntervalSince1970: 0),
            interval: interval,
            plan: ClipPlan(interval: interval, core: interval, moments: [1], decision: .clip, score: 1, reason: "r"),
            trigger: Clip.Trigger(kinds: [.chat], score: 1, rule: .clip),
            signals: [],
            emotions: nil,
            title: "t",
            hashtags: [],
            files: Clip.Files(),
            state: .saved
        )
    }()
}
