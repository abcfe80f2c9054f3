import Foundation
import HypeCore
import HypeStore

/// Opening, closing, and many at once.
enum LifeChecks {
    static let all = [
        ContractCheck("answers when asked whether it answers") { store in
            try await store.ping()
        },
        ContractCheck(
            "still has everything when it is opened anew",
            reopening: { open in
                let clip = Sample.fullClip("c")
                let proof = Sample.deletion("d", of: "x")
                let session = Sample.session("s")
                let moment = Sample.moment(1, of: "s")
                let webhook = Sample.webhook("w")
                let delivery = Sample.delivery("v", to: "w")
                let payload = Data("{}".utf8)
                try await using(open) { store in
                    try await store.insert(clip)
                    try await store.insert(Sample.clip("x"))
                    _ = try await store.remove("x", recording: proof)
                    try await store.save(session)
                    try await store.save([moment])
                    try await store.save(webhook)
                    try await store.save(delivery)
                    _ = try await store.append(.newClip, session: "s", payload: payload, at: Sample.now)
                }
                try await using(open) { store in
                    try expect(await store.clips(ClipQuery()).items, equals: [clip])
                    try expect(await store.totals(), equals: ClipTotals(clips: 1, bytes: clip.bytes))
                    try expect(await store.deletions(PageQuery()).items, equals: [proof])
                    try expect(await store.unfinishedSessions(), equals: [session])
                    try expect(await store.moments(MomentQuery()).items, equals: [moment])
                    try expect(await store.webhooks(), equals: [webhook])
                    try expect(await store.dueDeliveries(at: Sample.time(1), limit: 1), equals: [delivery])
                    try expect(await store.events(after: 0, session: "s", limit: 9).map(\.payload), equals: [payload])
                }
            }
        ),
        ContractCheck(
            "goes on with a cursor after it was opened anew",
            reopening: { open in
                let ids = (0..<5).map(String.init)
                for id in ids { try await using(open) { try await $0.insert(Sample.clip(id)) } }
                var query = ClipQuery(page: PageQuery(limit: 1))
                var found: [String] = []
                repeat {
                    let store = try await open()
                    let page = try await store.clips(query)
                    await store.close()
                    found += page.items.map(\.id)
                    query.page.cursor = page.next
                } while query.page.cursor != nil
                try expect(found, equals: ids.reversed())
            }
        ),
        ContractCheck("takes 200 writers at once, with readers between them") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let clip = Sample.clip("\(number)", session: "s\(number % 10)", bytes: Int64(number))
                        try await store.insert(clip)
                        try expect(await store.clip(clip.id), equals: clip)
                        try await store.save([Sample.moment(number, of: "s")])
                    }
                }
                for _ in 0..<20 {
                    group.addTask {
                        let totals = try await store.totals()
                        try expect((0...200).contains(totals.clips), "\(totals)")
                    }
                }
                try await group.waitForAll()
            }
            try expect(await store.totals(), equals: ClipTotals(clips: 200, bytes: 199 * 100))
            try expect(await store.moments(MomentQuery(page: PageQuery(limit: 200))).items.count, equals: 200)
            var query = ClipQuery()
            query.session = "s3"
            try expect(await store.clips(query).items.count, equals: 20)
        },
    ]
}
