import Foundation
package import HypeCore
package import HypeStore

extension InMemoryStore {
    package func insert(_ clip: Clip) async throws(StoreError) {
        try check()
        guard clipsById[clip.id] == nil else { throw StoreError(.duplicate, "there is a clip \(clip.id) already") }
        var clip = clip
        clip.createdAt = MemoryPosition.rounded(clip.createdAt)
        clipsById[clip.id] = clip
    }

    package func clip(_ id: String) async throws(StoreError) -> Clip? {
        try check()
        return clipsById[id]
    }

    package func clips(_ query: ClipQuery) async throws(StoreError) -> Page<Clip> {
        try check()
        let title = query.title.map(fold)
        let wanted = clipsById.values.filter { clip in
            (query.session.map { isSame($0, clip.sessionId) } ?? true)
                && (query.channel.map { isSame($0, clip.channel) } ?? true)
                && (query.keep == nil || clip.keep == query.keep)
                && (query.kind.map(clip.trigger.kinds.contains) ?? true)
                && (query.since.map { clip.createdAt >= $0 } ?? true)
                && (query.until.map { clip.createdAt < $0 } ?? true)
                && (title.map { $0.isEmpty || contains(fold(clip.title), $0) } ?? true)
        }
        return try page(wanted, query.page, list: "clips", position: position)
    }

    package func update(_ id: String, _ change: ClipChange) async throws(StoreError) -> Clip {
        try check()
        guard var clip = clipsById[id] else { throw StoreError(.notFound, "there is no clip \(id)") }
        clip.title = change.title ?? clip.title
        clip.keep = change.keep ?? clip.keep
        clip.hashtags = change.hashtags ?? clip.hashtags
        clipsById[id] = clip
        return clip
    }

    package func improve(_ clip: Clip, over previous: Clip) async throws(StoreError) -> Clip {
        try check()
        guard let stored = clipsById[clip.id] else { throw StoreError(.notFound, "there is no clip \(clip.id)") }
        let better = clip.merged(over: previous, stored: stored)
        clipsById[clip.id] = better
        return better
    }

    package func remove(_ id: String, recording deletion: Deletion) async throws(StoreError) -> Bool {
        try check()
        if let outageOfDeletions { throw outageOfDeletions }
        guard clipsById[id] != nil else { return false }
        guard deletionsById[deletion.id] == nil else {
            throw StoreError(.duplicate, "there is a deletion \(deletion.id) already")
        }
        clipsById[id] = nil
        deletionsById[deletion.id] = deletion
        return true
    }

    package func totals() async throws(StoreError) -> ClipTotals {
        try check()
        let bytes = clipsById.values.reduce(Int64(0)) { sum, clip in
            sum + (clip.files.video?.bytes ?? 0) + (clip.files.thumbnail?.bytes ?? 0)
        }
        return ClipTotals(clips: clipsById.count, bytes: bytes)
    }

    package func expendable(limit: Int) async throws(StoreError) -> [Clip] {
        try check()
        return Array(clipsById.values.filter { !$0.keep }.sorted { position($0) < position($1) }.prefix(max(0, limit)))
    }

    package func record(_ deletion: Deletion) async throws(StoreError) {
        try check()
        if let outageOfDeletions { throw outageOfDeletions }
        guard deletionsById[deletion.id] == nil else {
            throw StoreError(.duplicate, "there is a deletion \(deletion.id) already")
        }
        deletionsById[deletion.id] = deletion
    }

    package func deletions(_ query: PageQuery) async throws(StoreError) -> Page<Deletion> {
        try check()
        return try page(deletionsById.values, query, list: "deletions") { MemoryPosition(time: $0.time, id: $0.id) }
    }

    private func position(_ clip: Clip) -> MemoryPosition { MemoryPosition(time: clip.createdAt, id: clip.id) }

    /// Whether two texts have the same scalars; strings compare by meaning.
    private func isSame(_ left: String, _ right: String?) -> Bool {
        right.map { left.utf8.elementsEqual($0.utf8) } ?? false
    }

    /// A title without regard to case and composition; upper case first, so that ß and ss become the same.
    private func fold(_ text: String) -> String {
        text.uppercased().lowercased().precomposedStringWithCanonicalMapping
    }

    private func contains(_ text: String, _ part: String) -> Bool {
        Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
    }
}
