import HypeCore
import HypeStore

/// Sessions and their moments.
enum SessionChecks {
    static let all = [
        ContractCheck("gives back every field of a session, and replaces it") { store in
            var session = Sample.session("s")
            try await store.save(session)
            try expect(await store.session("s"), equals: session)

            session.channel = "größe"
            session.source.upload = "u-1"
            session.state = .failed
            session.reason = "the file ended"
            session.endedAt = Sample.time(12.345)
            session.position = MediaTime(nanoseconds: 1_234_567_890)
            session.duration = 99.5
            session.clips = 3
            session.warnings = ["one", "two"]
            try await store.save(session)
            try expect(await store.session("s"), equals: session)
            try expect(await store.sessions(PageQuery()).items, equals: [session])
        },
        ContractCheck("lists sessions, the newest first") { store in
            for number in 0..<25 {
                try await store.save(Sample.session("s-\(number)", at: Sample.time(Double(number))))
            }
            var query = PageQuery(limit: 10)
            var ids: [String] = []
            repeat {
                let page = try await store.sessions(query)
                ids += page.items.map(\.id)
                query.cursor = page.next
            } while query.cursor != nil
            try expect(ids, equals: (0..<25).reversed().map { "s-\($0)" })
        },
        ContractCheck("names the sessions that are not over") { store in
            for (number, state) in Session.State.allCases.enumerated() {
                var session = Sample.session(state.rawValue, at: Sample.time(Double(number)))
                session.state = state
                try await store.save(session)
            }
            try expect(await store.unfinishedSessions().map(\.id), equals: ["starting", "running"])
            var session = Sample.session("starting")
            session.state = .stopped
            try await store.save(session)
            try expect(await store.unfinishedSessions().map(\.id), equals: ["running"])
        },
        ContractCheck("gives back every field of a moment, and replaces it") { store in
            let first = Sample.moment(1, of: "s")
            let second = Sample.moment(2, of: "s", at: Sample.time(1), .instant)
            try await store.save([first, second])
            try await store.save([MomentRecord]())
            try expect(await store.moments(MomentQuery()).items, equals: [second, first])

            let changed = Sample.moment(1, of: "s", at: Sample.time(2), .clip)
            try await store.save([changed, Sample.moment(1, of: "another")])
            var query = MomentQuery()
            query.session = "s"
            try expect(await store.moments(query).items, equals: [changed, second])
        },
        ContractCheck("sorts moments of one time by number") { store in
            try await store.save([2, 10, 9, 100, 1].map { Sample.moment($0, of: "s") })
            try expect(await store.moments(MomentQuery()).items.map(\.moment.id), equals: [100, 10, 9, 2, 1])
        },
    ]
}
