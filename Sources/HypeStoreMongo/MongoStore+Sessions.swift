package import HypeCore
package import HypeStore

extension MongoStore {
    // MARK: Sessions

    package func save(_ session: Session) async throws(StoreError) {
        let document: BSONDocument = [
            "_id": .string(session.id), "created": .int64(StoreTime.milliseconds(session.startedAt)),
            "over": .bool(session.state.isOver), "document": .document(try BSONDocument(session)),
        ]
        try await pool.perform { try $0.replace([document], in: MongoCollection.sessions) }
    }

    package func session(_ id: String) async throws(StoreError) -> Session? {
        try await entry(id, in: MongoCollection.sessions)
    }

    package func sessions(_ query: PageQuery) async throws(StoreError) -> Page<Session> {
        try await page(of: .sessions, in: MongoCollection.sessions, query)
    }

    package func unfinishedSessions() async throws(StoreError) -> [Session] {
        try await oldest(in: MongoCollection.sessions, where: ["over": false])
    }

    // MARK: Moments

    package func save(_ moments: [MomentRecord]) async throws(StoreError) {
        guard !moments.isEmpty else { return }
        var documents: [BSONDocument] = []
        for moment in moments {
            documents.append([
                "_id": .string(moment.storeId), "created": .int64(StoreTime.milliseconds(moment.createdAt)),
                "session": .string(moment.sessionId), "decision": .string(moment.moment.decision.rawValue),
                "document": .document(try BSONDocument(moment)),
            ])
        }
        let replaced = documents
        try await pool.perform { try $0.replace(replaced, in: MongoCollection.moments) }
    }

    package func moments(_ query: MomentQuery) async throws(StoreError) -> Page<MomentRecord> {
        var filter: BSONDocument = [:]
        if let session = query.session { filter["session"] = .string(session) }
        if let decision = query.decision { filter["decision"] = .string(decision.rawValue) }
        return try await page(of: .moments, in: MongoCollection.moments, query.page, where: filter)
    }
}
