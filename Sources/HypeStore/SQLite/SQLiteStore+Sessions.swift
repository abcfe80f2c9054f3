import GRDB
package import HypeCore

extension SQLiteStore {
    // MARK: Sessions

    package func save(_ session: Session) async throws(StoreError) {
        let document = try text(of: session)
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO session (id, created, over, document) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
                    SET created = excluded.created, over = excluded.over, document = excluded.document
                    """,
                arguments: [
                    ColumnText.escaped(session.id), StoreTime.milliseconds(session.startedAt),
                    session.state.isOver ? 1 : 0, document,
                ]
            )
        }
    }

    package func session(_ id: String) async throws(StoreError) -> Session? {
        try await entry(id, in: "session")
    }

    package func sessions(_ query: PageQuery) async throws(StoreError) -> Page<Session> {
        try await page(of: .sessions, query) { _, position, limit in
            .page(of: "session", by: "session_created", after: position, limit: limit)
        }
    }

    package func unfinishedSessions() async throws(StoreError) -> [Session] {
        try await entries(.unfinishedSessions())
    }

    // MARK: Moments

    package func save(_ moments: [MomentRecord]) async throws(StoreError) {
        guard !moments.isEmpty else { return }
        var documents: [String] = []
        for moment in moments { documents.append(try text(of: moment)) }
        try await write { [documents] database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO moment (id, created, session, decision, document) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE
                    SET created = excluded.created, decision = excluded.decision, document = excluded.document
                    """
            )
            for (moment, document) in zip(moments, documents) {
                try statement.execute(arguments: [
                    ColumnText.escaped(moment.storeId), StoreTime.milliseconds(moment.createdAt),
                    ColumnText.escaped(moment.sessionId),
                    moment.moment.decision.rawValue, document,
                ])
            }
        }
    }

    package func moments(_ query: MomentQuery) async throws(StoreError) -> Page<MomentRecord> {
        try await page(of: .moments, query.page) { _, position, limit in
            .moments(query, after: position, limit: limit)
        }
    }
}

extension SQLiteSelection {
    /// Moments that a query asks for.
    package static func moments(_ query: MomentQuery, after position: PagePosition, limit: Int) -> Self {
        var index = "moment"
        var equal: [(String, any DatabaseValueConvertible)] = []
        if let session = query.session {
            index += "_session"
            equal.append(("session", ColumnText.escaped(session)))
        }
        if let decision = query.decision {
            index += "_decision"
            equal.append(("decision", decision.rawValue))
        }
        return page(
            of: "moment",
            by: equal.isEmpty ? "moment_created" : index,
            where: equal,
            after: position,
            limit: limit
        )
    }
}
