import HypeCore
import HypeStore

/// Lists that are read page by page.
enum PagingChecks {
    static let all = [
        ContractCheck("loses and repeats nothing while others insert and remove") { store in
            let existing = (0..<120).map { Sample.clip("old-\($0)", at: Sample.time(Double($0 / 3))) }
            for clip in existing { try await store.insert(clip) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<90 {
                        // Newer than all, older than all, and in between.
                        let time = Sample.time([100, -100, 20][number % 3] + Double(number) / 100)
                        try await store.insert(Sample.clip("new-\(number)", at: time))
                        if number.isMultiple(of: 3) {
                            _ = try await store.remove("new-\(number)", recording: Sample.deletion("d-\(number)"))
                        }
                    }
                }
                for limit in [3, 7, 11] {
                    group.addTask {
                        let ids = try await QueryChecks.walk(ClipQuery(page: PageQuery(limit: limit)), in: store).map(
                            \.id
                        )
                        try expect(Set(ids).count, equals: ids.count, "the number of different clips")
                        let missing = Set(existing.map(\.id)).subtracting(ids)
                        try expect(missing.isEmpty, "\(missing) were lost")
                    }
                }
                try await group.waitForAll()
            }
        },
        ContractCheck("goes on where a removed entry was the last of a page") { store in
            for number in 0..<6 { try await store.insert(Sample.clip("\(number)")) }
            let first = try await store.clips(ClipQuery(page: PageQuery(limit: 2)))
            try expect(first.items.map(\.id), equals: ["5", "4"])
            _ = try await store.remove("4", recording: Sample.deletion("d"))
            let second = try await store.clips(ClipQuery(page: PageQuery(limit: 2, cursor: first.next)))
            try expect(second.items.map(\.id), equals: ["3", "2"])
        },
        ContractCheck("ends with the last entry, not with an empty page") { store in
            for number in 0..<6 { try await store.insert(Sample.clip("\(number)")) }
            var query = ClipQuery(page: PageQuery(limit: 3))
            query.page.cursor = try await store.clips(query).next
            try expect(await store.clips(query).next, equals: nil)
            try expect(await store.clips(ClipQuery(page: PageQuery(limit: 6))).next, equals: nil)
            try expect(await store.deletions(PageQuery()).next, equals: nil)
        },
        ContractCheck("keeps pages within their limits") { store in
            for number in 0..<3 { try await store.insert(Sample.clip("\(number)")) }
            for limit in [0, -5, Int.min] {
                var query = ClipQuery()
                query.page.limit = limit
                try expect(await store.clips(query).items.count, equals: 1)
            }
            var query = ClipQuery()
            query.page.limit = Int.max
            try expect(await store.clips(query).items.count, equals: 3)
            for number in 3..<220 { try await store.insert(Sample.clip("\(number)")) }
            try expect(await store.clips(query).items.count, equals: 200)
        },
        ContractCheck("makes cursors that can stand in an address") { store in
            for number in 0..<3 { try await store.insert(Sample.clip("\(number) ?&=/+ü🏳️‍🌈")) }
            let next = try await store.clips(ClipQuery(page: PageQuery(limit: 1))).next
            let isPlain = next?.utf8.allSatisfy { letter in
                switch letter {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            try expect(isPlain, equals: true, "whether \(next ?? "nil") is plain")
        },
        ContractCheck("refuses cursors that it did not make for the list") { store in
            for number in 0..<3 {
                try await store.insert(Sample.clip("\(number)"))
                try await store.record(Sample.deletion("\(number)"))
            }
            let clips = try await store.clips(ClipQuery(page: PageQuery(limit: 1))).next ?? ""
            let deletions = try await store.deletions(PageQuery(limit: 1)).next ?? ""
            try await check([deletions, clips + "A", String(clips.dropLast()), clips.lowercased()]) {
                _ = try await store.clips(ClipQuery(page: $0))
            }
            try await check([clips]) { _ = try await store.deletions($0) }
            try await check([clips]) { _ = try await store.sessions($0) }
            try await check([clips]) { _ = try await store.moments(MomentQuery(page: $0)) }
            try await check([clips]) { _ = try await store.deliveries(in: .dead, $0) }
        },
    ]

    private static func check(
        _ cursors: [String],
        _ list: (PageQuery) async throws -> Void
    ) async throws {
        let nonsense = [
            "", "x", "=", "AAAA", "1c0 ", "MWMw", "ü", "../../etc", "MWMg", String(repeating: "A", count: 5000),
        ]
        for cursor in cursors + nonsense {
            try await expect(.badCursor) { try await list(PageQuery(cursor: cursor)) }
        }
    }
}
