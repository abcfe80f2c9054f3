package import GRDB
import HypeCore

/// One question to the database.
///
/// Each names the index that answers it, so that the plan does not depend on statistics, and asks below a position, so that
/// a page far down the list costs as much as the first.
package struct SQLiteSelection: Sendable {
    /// The statement.
    package var sql: String
    /// Its arguments.
    package var arguments: StatementArguments

    /// Creates a question.
    package init(sql: String, arguments: StatementArguments) {
        self.sql = sql
        self.arguments = arguments
    }

    /// Entries below a position, the newest first.
    ///
    /// - Parameters:
    ///   - table: The table; it has the columns `created`, `id` and `document`.
    ///   - index: An index whose columns are those of `equal`, then `created` and `id`.
    ///   - equal: Columns with the value that they must have.
    ///   - conditions: Further conditions without arguments, as the index needs them.
    ///   - position: The page begins after it.
    ///   - limit: At most so many.
    /// - Returns: The statement.
    package static func page(
        of table: String,
        by index: String,
        where equal: [(column: String, value: any DatabaseValueConvertible)] = [],
        and conditions: [String] = [],
        after position: PagePosition,
        limit: Int
    ) -> Self {
        var builder = ConditionBuilder()
        for (column, value) in equal { builder.add("\(column) = ?", value) }
        for condition in conditions { builder.add(condition) }
        builder.add(below: position)
        return Self(
            sql: """
                SELECT created, id, document FROM \(table) INDEXED BY \(index) WHERE \(builder.text)
                ORDER BY created DESC, id DESC LIMIT ?
                """,
            arguments: builder.arguments + [limit]
        )
    }

    /// Clips that a query asks for, without a title.
    package static func clips(_ query: ClipQuery, after position: PagePosition, limit: Int) -> Self {
        var builder = ConditionBuilder()
        builder.add(clips: query, below: position)
        return Self(
            sql: """
                SELECT created, id, document FROM clip INDEXED BY \(index(for: query)) WHERE \(builder.text)
                ORDER BY created DESC, id DESC LIMIT ?
                """,
            arguments: builder.arguments + [limit]
        )
    }

    /// Clips that a query asks for, out of those that are known to have its title.
    ///
    /// - Parameters:
    ///   - query: What is wanted.
    ///   - rows: Rows with the title; few, since they are looked up one by one and sorted.
    ///   - position: The page begins after it.
    ///   - limit: At most so many.
    /// - Returns: The statement.
    package static func clips(
        _ query: ClipQuery,
        among rows: [Int64],
        after position: PagePosition,
        limit: Int
    ) -> Self {
        var builder = ConditionBuilder()
        let list = rows.map(String.init).joined(separator: ",")
        builder.add("seq IN (SELECT value FROM json_each(?))", "[\(list)]")
        builder.add(clips: query, below: position)
        return Self(
            sql: """
                SELECT created, id, document FROM clip NOT INDEXED WHERE \(builder.text)
                ORDER BY created DESC, id DESC LIMIT ?
                """,
            arguments: builder.arguments + [limit]
        )
    }

    /// The rows of clips whose title contains a text, in no order; nil where the text is empty.
    package static func rows(withTitle title: String, limit: Int) -> Self? {
        let letters = ColumnText.escaped(TitleFolding.fold(title)).unicodeScalars
        if letters.isEmpty { return nil }
        if letters.count < 3 {
            let first = String(letters)
            return Self(
                sql: "SELECT DISTINCT doc FROM clip_title_part WHERE term >= ? AND term < ? LIMIT ?",
                arguments: [first, first + "\u{10FFFF}\u{10FFFF}", limit]
            )
        }
        // Scalar by scalar: a quotation mark with an accent on it is one letter, but still a quotation mark here.
        var phrase = "\"".unicodeScalars
        for letter in letters {
            if letter == "\"" { phrase.append(letter) }
            phrase.append(letter)
        }
        phrase.append("\"")
        return Self(
            sql: "SELECT rowid FROM clip_title WHERE clip_title MATCH ? LIMIT ?",
            arguments: [String(phrase), limit]
        )
    }

    /// Clips that retention may remove, the oldest first.
    package static func expendable(limit: Int) -> Self {
        Self(
            sql: """
                SELECT created, id, document FROM clip INDEXED BY clip_keep WHERE keep = 0 ORDER BY created, id LIMIT ?
                """,
            arguments: [limit]
        )
    }

    /// Sessions that are not over, the oldest first.
    package static func unfinishedSessions() -> Self {
        Self(
            sql: """
                SELECT created, id, document FROM session INDEXED BY session_unfinished
                WHERE over = 0 AND created > -9223372036854775808 ORDER BY created, id
                """,
            arguments: []
        )
    }

    /// All webhooks, the oldest first.
    package static func webhooks() -> Self {
        Self(
            sql: """
                SELECT created, id, document FROM webhook INDEXED BY webhook_created
                WHERE created > -9223372036854775808 ORDER BY created, id
                """,
            arguments: []
        )
    }

    /// Pending deliveries that are due, the longest due first.
    package static func dueDeliveries(at time: Int64, limit: Int) -> Self {
        Self(
            sql: """
                SELECT due, id, document FROM delivery INDEXED BY delivery_due
                WHERE state = 'pending' AND due <= ? ORDER BY due, id LIMIT ?
                """,
            arguments: [time, limit]
        )
    }

    /// Pending deliveries to one webhook that are due, the longest due first.
    package static func dueDeliveries(of webhook: String, at time: Int64, limit: Int) -> Self {
        Self(
            sql: """
                SELECT due, id, document FROM delivery INDEXED BY delivery_webhook
                WHERE state = 'pending' AND webhook = ? AND due <= ? ORDER BY due, id LIMIT ?
                """,
            arguments: [ColumnText.escaped(webhook), time, limit]
        )
    }

    /// Events after a number, the oldest first.
    package static func events(after id: Int64, session: String?, limit: Int) -> Self {
        guard let session else {
            return Self(
                sql: "SELECT id, time, kind, session, payload FROM event WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id, limit]
            )
        }
        return Self(
            sql: """
                SELECT id, time, kind, session, payload FROM event INDEXED BY event_session
                WHERE session = ? AND id > ? ORDER BY id LIMIT ?
                """,
            arguments: [ColumnText.escaped(session), id, limit]
        )
    }

    /// The index that leaves the fewest rows to look at for a query's filters.
    private static func index(for query: ClipQuery) -> String {
        if query.session != nil { return "clip_session" }
        if query.keep == true { return "clip_keep" }
        switch (query.channel, query.kind) {
        case (.some, let kind?): return "clip_channel_\(kind.rawValue)"
        case (.some, nil): return "clip_channel"
        case (nil, let kind?): return "clip_\(kind.rawValue)"
        case (nil, nil): return query.keep == nil ? "clip_created" : "clip_keep"
        }
    }
}

/// Joins conditions and their arguments.
private struct ConditionBuilder {
    private var conditions: [String] = []
    private(set) var arguments = StatementArguments()

    var text: String { conditions.joined(separator: " AND ") }

    mutating func add(_ condition: String, _ values: any DatabaseValueConvertible...) {
        conditions.append(condition)
        arguments += StatementArguments(values)
    }

    mutating func add(below position: PagePosition) {
        add("(created, id) < (?, ?)", position.time, position.id)
    }

    mutating func add(clips query: ClipQuery, below position: PagePosition) {
        if let session = query.session { add("session = ?", ColumnText.escaped(session)) }
        if let channel = query.channel { add("channel = ?", ColumnText.escaped(channel)) }
        if let keep = query.keep { add("keep = ?", keep ? 1 : 0) }
        // Written out, since an index of a part of the table needs the very words of its condition.
        if let kind = query.kind { add("\(kind.rawValue) = 1") }
        let until = query.until.map { PagePosition(time: StoreTime.milliseconds($0), id: "") }
        add(below: min(position, until ?? position))
        if let since = query.since { add("created >= ?", StoreTime.milliseconds(since)) }
        if let title = query.title { add("instr(title, ?) > 0", ColumnText.escaped(TitleFolding.fold(title))) }
    }
}
