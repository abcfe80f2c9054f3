import Foundation
package import HypeCore
package import HypeStore

extension MongoStore {
    /// How often an improvement is tried where somebody changes the clip at the same time.
    private static let mostTries = 5

    package func insert(_ clip: Clip) async throws(StoreError) {
        let inserted = try Self.entry(of: clip)
        try await pool.perform { try $0.insert(inserted, into: MongoCollection.clips) }
    }

    /// The entry of a clip with the fields that are searched.
    private static func entry(of clip: Clip) throws(StoreError) -> BSONDocument {
        var document: BSONDocument = [
            "_id": .string(clip.id), "created": .int64(StoreTime.milliseconds(clip.createdAt)),
            "keep": .bool(clip.keep), "kinds": .array(Set(clip.trigger.kinds).sorted().map { .string($0.rawValue) }),
            "folded": .string(TitleFolding.fold(clip.title)), "bytes": .int64(clip.bytes),
        ]
        if let session = clip.sessionId { document["session"] = .string(session) }
        if let channel = clip.channel { document["channel"] = .string(channel) }
        document["document"] = .document(try BSONDocument(clip))
        return document
    }

    package func improve(_ clip: Clip, over previous: Clip) async throws(StoreError) -> Clip {
        for _ in 0..<Self.mostTries {
            guard let stored = try await self.clip(clip.id) else { break }
            let better = clip.merged(over: previous, stored: stored)
            var fields = try Self.entry(of: better)
            fields["_id"] = nil
            let changed = fields
            // Only while it still is what it was: a person may change the headline in between.
            let unchanged: BSONDocument = [
                "_id": .string(clip.id), "keep": .bool(stored.keep), "document.title": .string(stored.title),
                "document.hashtags": .array(stored.hashtags.map(BSONValue.string)),
            ]
            let document = try await pool.perform { database in
                try database.change(MongoCollection.clips, unchanged, ["$set": .document(changed)])
            }
            if document != nil { return better }
        }
        throw StoreError(.notFound, "There is no clip “\(clip.id)” that could be changed.")
    }

    package func clip(_ id: String) async throws(StoreError) -> Clip? {
        try await entry(id, in: MongoCollection.clips)
    }

    package func clips(_ query: ClipQuery) async throws(StoreError) -> Page<Clip> {
        var filter: BSONDocument = [:]
        if let session = query.session { filter["session"] = .string(session) }
        if let channel = query.channel { filter["channel"] = .string(channel) }
        if let keep = query.keep { filter["keep"] = .bool(keep) }
        if let kind = query.kind { filter["kinds"] = .string(kind.rawValue) }
        if let title = query.title, !title.isEmpty {
            filter["folded"] = ["$regex": .string(Self.pattern(TitleFolding.fold(title)))]
        }
        return try await page(
            of: .clips,
            in: MongoCollection.clips,
            query.page,
            where: filter,
            since: query.since.map(StoreTime.milliseconds),
            until: query.until.map(StoreTime.milliseconds)
        )
    }

    /// The regular expression that finds a text as it is.
    static func pattern(_ text: String) -> String {
        var pattern = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\0": pattern += "\\x00"
            case "0"..."9", "A"..."Z", "a"..."z", "\u{80}"...: pattern.unicodeScalars.append(scalar)
            default: pattern.unicodeScalars.append(contentsOf: ["\\", scalar])
            }
        }
        return pattern
    }

    package func update(_ id: String, _ change: ClipChange) async throws(StoreError) -> Clip {
        var fields: BSONDocument = [:]
        if let title = change.title {
            fields["folded"] = .string(TitleFolding.fold(title))
            fields["document.title"] = .string(title)
        }
        if let keep = change.keep {
            fields["keep"] = .bool(keep)
            fields["document.keep"] = .bool(keep)
        }
        if let hashtags = change.hashtags { fields["document.hashtags"] = .array(hashtags.map(BSONValue.string)) }
        let changed = fields
        let document = try await pool.perform { database in
            changed.fields.isEmpty
                ? try database.first(MongoCollection.clips, ["_id": .string(id)])
                : try database.change(MongoCollection.clips, ["_id": .string(id)], ["$set": .document(changed)])
        }
        let clips: [Clip] = try Self.decode(document.map { [$0] } ?? [])
        guard let clip = clips.first else { throw StoreError(.notFound, "There is no clip “\(id)”.") }
        return clip
    }

    package func totals() async throws(StoreError) -> ClipTotals {
        let sums = try await pool.perform { database in
            try database.aggregate(
                MongoCollection.clips,
                [["$group": ["_id": .null, "clips": ["$sum": 1], "bytes": ["$sum": "$bytes"]]]]
            )
        }
        return ClipTotals(
            clips: Int(sums.first?["clips"]?.integer ?? 0),
            bytes: sums.first?["bytes"]?.integer ?? 0
        )
    }

    package func expendable(limit: Int) async throws(StoreError) -> [Clip] {
        try await oldest(in: MongoCollection.clips, where: ["keep": false], limit: max(0, limit))
    }
}
