import HypeCore
import HypeStore

/// Removing clips, and the proofs of it.
enum DeletionChecks {
    static let all = [
        ContractCheck("removes a clip and keeps the proof") { store in
            try await store.insert(Sample.fullClip("a"))
            try await store.insert(Sample.clip("b"))
            let proof = Sample.deletion("d-1", of: "a")
            try expect(await store.remove("a", recording: proof), "nothing was removed")
            try expect(await store.clip("a"), equals: nil)
            try expect(await store.deletions(PageQuery()).items, equals: [proof])
            try expect(await store.clips(ClipQuery()).items.map(\.id), equals: ["b"])
            // The title is no longer found, and the identifier is free.
            try await store.insert(Sample.clip("a"))
        },
        ContractCheck("records nothing where there was no clip") { store in
            try expect(await !store.remove("nobody", recording: Sample.deletion("d")), "something was removed")
            try expect(await store.deletions(PageQuery()).items, equals: [])
        },
        ContractCheck("keeps the clip where its deletion cannot be recorded") { store in
            let clip = Sample.clip("a", bytes: 7)
            try await store.insert(clip)
            let first = Sample.deletion("taken", of: "something else")
            try await store.record(first)
            try await expect(.duplicate) {
                _ = try await store.remove("a", recording: Sample.deletion("taken", of: "a"))
            }
            try expect(await store.clip("a"), equals: clip)
            try expect(await store.totals(), equals: ClipTotals(clips: 1, bytes: 7))
            try expect(await store.deletions(PageQuery()).items, equals: [first])
        },
        ContractCheck("lets one of many remove a clip") { store in
            try await store.insert(Sample.clip("a"))
            let removed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask { try await store.remove("a", recording: Sample.deletion("d-\(number)", of: "a")) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(removed, equals: 1)
            try expect(await store.deletions(PageQuery()).items.count, equals: 1)
        },
        ContractCheck("lists deletions, the newest first") { store in
            for number in 0..<9 {
                var deletion = Sample.deletion("d-\(number)", at: Sample.time(Double(number / 2)))
                deletion.subject = number.isMultiple(of: 2) ? .recording : .clip
                deletion.cause = Deletion.Cause.allCases[number % Deletion.Cause.allCases.count]
                try await store.record(deletion)
            }
            var query = PageQuery(limit: 4)
            var ids: [String] = []
            repeat {
                let page = try await store.deletions(query)
                ids += page.items.map(\.id)
                query.cursor = page.next
            } while query.cursor != nil
            try expect(ids, equals: (0..<9).reversed().map { "d-\($0)" })
            try await expect(.duplicate) { try await store.record(Sample.deletion("d-3")) }
        },
    ]
}
