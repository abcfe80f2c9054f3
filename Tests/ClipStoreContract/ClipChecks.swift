import Foundation
import HypeCore
import HypeStore

/// Clips one by one.
enum ClipChecks {
    static let all = [
        ContractCheck("gives back every field of a clip") { store in
            let clips = [Sample.fullClip("full"), Sample.clip("bare")]
            for clip in clips { try await store.insert(clip) }
            for clip in clips { try expect(await store.clip(clip.id), equals: clip) }
            try expect(Set(await store.clips(ClipQuery()).items), equals: Set(clips))
        },
        ContractCheck("does not know what was never stored") { store in
            try expect(await store.clip("nobody"), equals: nil)
            try expect(await store.clip(""), equals: nil)
            try await expect(.notFound) { _ = try await store.update("nobody", ClipChange(title: "x")) }
            try await expect(.notFound) { _ = try await store.update("nobody", ClipChange()) }
            try expect(await store.session("nobody"), equals: nil)
            try expect(await !store.removeWebhook("nobody"), "a webhook was removed that never was")
        },
        ContractCheck("refuses a clip whose identifier is taken, and keeps the first") { store in
            let first = Sample.clip("a", title: "first", bytes: 10)
            try await store.insert(first)
            try await expect(.duplicate) { try await store.insert(Sample.clip("a", title: "second", bytes: 20)) }
            try expect(await store.clip("a"), equals: first)
            try expect(await store.totals(), equals: ClipTotals(clips: 1, bytes: 10))
        },
        ContractCheck("improves a clip and keeps what a person changed") { store in
            var first = Sample.clip("a", title: "First", bytes: 10)
            first.hashtags = ["one"]
            try await store.insert(first)
            try await store.insert(Sample.clip("b", title: "Other", bytes: 5))
            _ = try await store.update("a", ClipChange(title: "Mine", keep: true))
            var better = Sample.clip("a", title: "Second", bytes: 30)
            better.hashtags = ["two"]
            better.createdAt = Sample.now.addingTimeInterval(60)
            let stored = try await store.improve(better, over: first)
            try expect([stored.title] + stored.hashtags, equals: ["Mine", "two"])
            try expect(stored.keep, "what was kept is not kept any more")
            try expect(stored.createdAt, equals: first.createdAt)
            try expect(await store.clip("a"), equals: stored)
            try expect(await store.totals(), equals: ClipTotals(clips: 2, bytes: 35))
            var byTitle = ClipQuery()
            byTitle.title = "mine"
            try expect(await store.clips(byTitle).items.map(\.id), equals: ["a"])
            var best = stored
            best.title = "Third"
            try expect(await store.improve(best, over: stored).title, equals: "Third")
            byTitle.title = "third"
            try expect(await store.clips(byTitle).items.map(\.id), equals: ["a"])
            try await expect(.notFound) { _ = try await store.improve(Sample.clip("nobody"), over: first) }
        },
        ContractCheck("lets one of many insert the same clip") { store in
            let inserted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            try await store.insert(Sample.clip("a", title: "\(number)"))
                            return true
                        } catch let error as StoreError where error.code == .duplicate {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(inserted, equals: 1)
            try expect(await store.totals().clips, equals: 1)
        },
        ContractCheck("keeps any text as it is") { store in
            for (number, text) in Sample.oddTexts.enumerated() {
                var clip = Sample.clip("id \(number) \(text)", session: text, channel: text, title: text)
                clip.hashtags = [text]
                clip.reason = text
                try await store.insert(clip)
                let found = try await store.clip(clip.id)
                try expect(found, equals: clip)
                // Strings compare by meaning; what is wanted is every scalar.
                try expect(
                    found.map { Array($0.title.unicodeScalars) } == Array(text.unicodeScalars),
                    "“\(text)” came back composed in another way"
                )
                for keyPath in [\ClipQuery.session, \.channel] {
                    var query = ClipQuery()
                    query[keyPath: keyPath] = text
                    try expect(await store.clips(query).items.map(\.id), equals: [clip.id], "“\(text)”")
                }
                var query = ClipQuery()
                query.title = text
                let titles = try await store.clips(query).items.map(\.id)
                try expect(titles.contains(clip.id), "“\(text)” is not found by its title")
            }
        },
        ContractCheck("shows clips as documents, byte for byte as they are written anywhere else") { store in
            var clips = [Sample.fullClip("full"), Sample.clip("bare")]
            let texts = Sample.oddTexts + [#""createdAt":1"#, #"\"createdAt\":1,"#, #"{"createdAt":"x"}"#]
            for (number, text) in texts.enumerated() {
                let time = Sample.now.addingTimeInterval(Double(number) + 0.123)
                clips.append(Sample.clip("\(number)", at: time, session: text, channel: text, title: text))
            }
            for clip in clips { try await store.insert(clip) }
            var query = ClipQuery(page: PageQuery(limit: 7))
            var shown = 0
            repeat {
                let page = try await store.clips(query)
                let documents = try await store.clipDocuments(query)
                try expect(documents.items, equals: try page.items.map { try DocumentJSON.encode($0) })
                try expect(documents.next, equals: page.next)
                shown += documents.items.count
                query.page.cursor = page.next
            } while query.page.cursor != nil
            try expect(shown, equals: clips.count)
        },
        ContractCheck("keeps times to the millisecond") { store in
            // Milliseconds whose binary fraction is not exact, and times before 1970 and far away.
            let times: [Int64] = [0, 1, 999, -1, 1_700_000_000_123, 253_402_300_799_999, -62_135_596_800_000]
            for (number, milliseconds) in times.enumerated() {
                let time = StoreTime.date(milliseconds)
                try await store.insert(Sample.clip("\(number)", at: time))
                try expect(await store.clip("\(number)")?.createdAt, equals: time)
            }
            let fine = Sample.now.addingTimeInterval(0.000_4)
            try await store.insert(Sample.clip("fine", at: fine))
            try expect(await store.clip("fine")?.createdAt, equals: Sample.now)
        },
        ContractCheck("changes what a person may change, and nothing else") { store in
            var clip = Sample.fullClip("a")
            try await store.insert(clip)
            try expect(await store.update("a", ClipChange()), equals: clip)

            clip.title = "Ένας τίτλος"
            try expect(await store.update("a", ClipChange(title: clip.title)), equals: clip)
            clip.keep = false
            try expect(await store.update("a", ClipChange(keep: false)), equals: clip)
            clip.hashtags = []
            try expect(await store.update("a", ClipChange(hashtags: [])), equals: clip)
            (clip.title, clip.keep, clip.hashtags) = ("", true, ["x", "y"])
            try expect(await store.update("a", ClipChange(title: "", keep: true, hashtags: ["x", "y"])), equals: clip)
            try expect(await store.clip("a"), equals: clip)

            var query = ClipQuery()
            query.keep = true
            query.title = "τίτλος"
            try expect(await store.clips(query).items, equals: [])
            query.title = nil
            try expect(await store.clips(query).items, equals: [clip])
            try expect(await store.totals(), equals: ClipTotals(clips: 1, bytes: clip.bytes))
        },
        ContractCheck("applies concurrent changes one after the other") { store in
            try await store.insert(Sample.clip("a"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let text = "title \(number)"
                        let clip = try await store.update("a", ClipChange(title: text, hashtags: [text]))
                        try expect(clip.hashtags, equals: [clip.title])
                    }
                }
                try await group.waitForAll()
            }
            let clip = try await store.clip("a")
            try expect(clip?.hashtags, equals: clip.map { [$0.title] })
            var query = ClipQuery()
            query.title = clip?.title
            try expect(await store.clips(query).items.map(\.id), equals: ["a"])
        },
        ContractCheck("counts clips and their bytes") { store in
            try expect(await store.totals(), equals: ClipTotals(clips: 0, bytes: 0))
            for number in 0..<10 { try await store.insert(Sample.clip("\(number)", bytes: 5_000_000_000)) }
            try await store.insert(Sample.clip("without files"))
            try expect(await store.totals(), equals: ClipTotals(clips: 11, bytes: 50_000_000_000))
            _ = try await store.remove("3", recording: Sample.deletion("d"))
            try expect(await store.totals(), equals: ClipTotals(clips: 10, bytes: 45_000_000_000))
        },
        ContractCheck("names the clips that may go, the oldest first") { store in
            for number in [4, 1, 3, 0, 2] {
                try await store.insert(Sample.clip("\(number)", at: Sample.time(Double(number)), keep: number == 1))
            }
            try await store.insert(Sample.clip("2b", at: Sample.time(2)))
            try expect(await store.expendable(limit: 10).map(\.id), equals: ["0", "2", "2b", "3", "4"])
            try expect(await store.expendable(limit: 2).map(\.id), equals: ["0", "2"])
            _ = try await store.update("0", ClipChange(keep: true))
            try expect(await store.expendable(limit: 1).map(\.id), equals: ["2"])
            try expect(await store.expendable(limit: 0), equals: [])
        },
    ]
}
