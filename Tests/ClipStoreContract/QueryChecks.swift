import Foundation
import HypeCore
import HypeStore

/// Filters of lists.
enum QueryChecks {
    static let all = [
        ContractCheck("answers every combination of filters as a plain search would") { store in
            var random = SplitMix64(seed: 7)
            var clips: [Clip] = []
            for number in 0..<150 {
                let kinds = SignalKind.allCases.filter { _ in random.uniform() < 0.5 }
                clips.append(
                    Sample.clip(
                        "clip-\(number)",
                        // Many share a time, so that identifiers decide.
                        at: Sample.time(Double(random.index(below: 40)) / 1000),
                        session: random.uniform() < 0.2 ? nil : "s\(random.index(below: 3))",
                        channel: random.uniform() < 0.2 ? nil : "c\(random.index(below: 2))",
                        kinds: kinds,
                        title: ["Clutch win", "clutch fail", "Laugh", "ÄRGER"][random.index(below: 4)] + " \(number)",
                        keep: random.uniform() < 0.3
                    )
                )
            }
            for clip in clips { try await store.insert(clip) }
            for _ in 0..<120 {
                var query = ClipQuery(page: PageQuery(limit: 1 + random.index(below: 60)))
                if random.uniform() < 0.3 { query.session = "s\(random.index(below: 3))" }
                if random.uniform() < 0.3 { query.channel = "c\(random.index(below: 2))" }
                if random.uniform() < 0.3 { query.keep = random.uniform() < 0.5 }
                if random.uniform() < 0.4 { query.kind = SignalKind.allCases[random.index(below: 3)] }
                if random.uniform() < 0.3 { query.since = Sample.time(Double(random.index(below: 40)) / 1000) }
                if random.uniform() < 0.3 { query.until = Sample.time(Double(random.index(below: 41)) / 1000) }
                if random.uniform() < 0.3 {
                    query.title = ["CLUTCH", "l", "ärger", "gh 1", "nowhere"][random.index(below: 5)]
                }
                let wanted = clips.filter { matches($0, query) }.sorted(by: isNewer).map(\.id)
                try expect(await walk(query, in: store).map(\.id), equals: wanted, "\(query)")
            }
        },
        ContractCheck("finds titles without regard to case, and takes no letter for an operator") { store in
            let titles = [
                "Straße", "STRASSE 2", "Σίσυφος", "caf\u{E9}", "CAFE\u{301} 2", "50% off", "50 off", "a_b", "aXb",
                "x.y", "xzy",
                "\"q\" AND b", "İstanbul", "(", "q\"",
            ]
            for (number, title) in titles.enumerated() {
                try await store.insert(Sample.clip("\(number)", at: Sample.time(Double(-number)), title: title))
            }
            let cases: [(String, [Int])] = [
                ("strasse", [0, 1]), ("ΣΊΣΥΦΟΣ", [2]), ("CAFÉ", [3, 4]), ("cafe\u{301}", [3, 4]), ("50%", [5]),
                ("%", [5]),
                ("a_b", [7]), ("_", [7]), ("x.y", [9]), (".", [9]), ("\"Q\" and", [11]), ("\"", [11, 14]), ("(", [13]),
                ("off", [5, 6]), ("nothing", []), ("*", []), ("off OR café", []), ("50 off ", []),
            ]
            for (text, numbers) in cases {
                var query = ClipQuery()
                query.title = text
                try expect(await store.clips(query).items.map(\.id), equals: numbers.map(String.init), "“\(text)”")
            }
            var query = ClipQuery()
            query.title = ""
            try expect(await store.clips(query).items.count, equals: titles.count)
        },
        ContractCheck("takes the first instant of a span in, and leaves the last one out") { store in
            for number in 0..<5 {
                try await store.insert(Sample.clip("\(number)", at: Sample.time(Double(number) / 1000)))
            }
            var query = ClipQuery()
            query.since = Sample.time(0.001)
            query.until = Sample.time(0.003)
            try expect(await store.clips(query).items.map(\.id), equals: ["2", "1"])
            query.until = query.since
            try expect(await store.clips(query).items, equals: [])
        },
        ContractCheck("filters moments by session and decision") { store in
            var moments: [MomentRecord] = []
            for number in 1...60 {
                let decision = Moment.Decision.allCases[number % 3]
                moments.append(
                    Sample.moment(number, of: "s\(number % 4)", at: Sample.time(Double(number / 7)), decision)
                )
            }
            try await store.save(moments)
            for session in [nil, "s0", "s1", "nobody"] {
                for decision in [nil] + Moment.Decision.allCases.map(Optional.some) {
                    var query = MomentQuery(page: PageQuery(limit: 4))
                    query.session = session
                    query.decision = decision
                    let wanted = moments.filter { moment in
                        (session == nil || moment.sessionId == session)
                            && (decision == nil || moment.moment.decision == decision)
                    }.sorted { ($0.createdAt, $0.sessionId, $0.moment.id) > ($1.createdAt, $1.sessionId, $1.moment.id) }
                    var found: [MomentRecord] = []
                    repeat {
                        let page = try await store.moments(query)
                        found += page.items
                        query.page.cursor = page.next
                    } while query.page.cursor != nil
                    try expect(found, equals: wanted, "\(query)")
                }
            }
        },
    ]

    /// All clips that a query finds, page after page.
    static func walk(_ query: ClipQuery, in store: any ClipStore) async throws -> [Clip] {
        var query = query
        var clips: [Clip] = []
        repeat {
            let page = try await store.clips(query)
            try expect(page.items.count <= query.page.limit, "a page has \(page.items.count) entries")
            try expect(
                page.next == nil || page.items.count == query.page.limit,
                "a page that is not the last is not full"
            )
            clips += page.items
            query.page.cursor = page.next
        } while query.page.cursor != nil
        return clips
    }

    static func isNewer(_ left: Clip, _ right: Clip) -> Bool {
        (left.createdAt, left.id) > (right.createdAt, right.id)
    }

    private static func matches(_ clip: Clip, _ query: ClipQuery) -> Bool {
        (query.session == nil || clip.sessionId == query.session)
            && (query.channel == nil || clip.channel == query.channel)
            && (query.keep == nil || clip.keep == query.keep)
            && (query.kind.map(clip.trigger.kinds.contains) ?? true)
            && (query.since.map { clip.createdAt >= $0 } ?? true)
            && (query.until.map { clip.createdAt < $0 } ?? true)
            && (query.title.map { clip.title.lowercased().contains($0.lowercased()) } ?? true)
    }
}
