package import HypeCore
package import HypeStore

extension InMemoryStore {
    package func save(_ session: Session) async throws(StoreError) {
        try check()
        sessionsById[session.id] = session
    }

    package func session(_ id: String) async throws(StoreError) -> Session? {
        try check()
        return sessionsById[id]
    }

    package func sessions(_ query: PageQuery) async throws(StoreError) -> Page<Session> {
        try check()
        return try page(sessionsById.values, query, list: "sessions", position: position)
    }

    package func unfinishedSessions() async throws(StoreError) -> [Session] {
        try check()
        return sessionsById.values.filter { !$0.state.isOver }.sorted { position($0) < position($1) }
    }

    package func save(_ moments: [MomentRecord]) async throws(StoreError) {
        try check()
        for record in moments {
            momentsByKey[MomentKey(session: record.sessionId, id: record.moment.id)] = record
        }
    }

    package func moments(_ query: MomentQuery) async throws(StoreError) -> Page<MomentRecord> {
        try check()
        let wanted = momentsByKey.values.filter { record in
            (query.session == nil || record.sessionId == query.session)
                && (query.decision == nil || record.moment.decision == query.decision)
        }
        return try page(wanted, query.page, list: "moments", position: position)
    }

    private func position(_ session: Session) -> MemoryPosition {
        MemoryPosition(time: session.startedAt, id: session.id)
    }

    private func position(_ record: MomentRecord) -> MemoryPosition {
        let digits = "\(record.moment.id)"
        let number = String(repeating: "0", count: max(0, 20 - digits.count)) + digits
        return MemoryPosition(time: record.createdAt, id: record.sessionId + "." + number)
    }
}
