import Foundation
import HypeCore
import HypeStore

/// The event log.
enum EventChecks {
    static let all = [
        ContractCheck("gives back every field of an event") { store in
            var events: [EventRecord] = []
            for (number, kind) in EventKind.allCases.enumerated() {
                let payload = Data(#"{"n":\#(number),"text":"ä🏳️‍🌈\u0000"}"#.utf8)
                let session = number.isMultiple(of: 2) ? "s" : nil
                let time = Sample.time(Double(number) / 1000)
                let event = try await store.append(kind, session: session, payload: payload, at: time)
                let wanted = EventRecord(id: event.id, time: time, kind: kind, sessionId: session, payload: payload)
                try expect(event, equals: wanted)
                events.append(event)
            }
            try expect(await store.events(after: 0, session: nil, limit: 1000), equals: events)
            let empty = try await store.append(.moment, session: "", payload: Data(), at: Sample.now)
            try expect(await store.events(after: events.last?.id ?? 0, session: "", limit: 9), equals: [empty])
        },
        ContractCheck("numbers events in order, beginning above zero") { store in
            try expect(await store.lastEvent(), equals: 0)
            try expect(await store.events(after: 0, session: nil, limit: 10), equals: [])
            var last: Int64 = 0
            for _ in 0..<20 {
                let event = try await append(to: store)
                try expect(event.id > last, "\(event.id) follows \(last)")
                last = event.id
                try expect(await store.lastEvent(), equals: last)
            }
        },
        ContractCheck("reads on after a number, for one session or all") { store in
            var events: [EventRecord] = []
            for number in 0..<30 { events.append(try await append(to: store, session: "s\(number % 3)")) }
            for start in [0, 7, 29] {
                let after = start == 0 ? 0 : events[start - 1].id
                let rest = Array(events[start...])
                try expect(await store.events(after: after, session: nil, limit: 1000), equals: rest)
                try expect(await store.events(after: after, session: nil, limit: 4), equals: Array(rest.prefix(4)))
                let one = rest.filter { $0.sessionId == "s1" }
                try expect(await store.events(after: after, session: "s1", limit: 5), equals: Array(one.prefix(5)))
            }
            try expect(await store.events(after: events[29].id, session: nil, limit: 10), equals: [])
            try expect(await store.events(after: 0, session: "nobody", limit: 10), equals: [])
            try expect(await store.events(after: .max, session: nil, limit: 10), equals: [])
            try expect(await store.events(after: -5, session: nil, limit: 0).count, equals: 1, "a limit is at least 1")
        },
        ContractCheck("gives at most a thousand events at once, also big ones") { store in
            let payload = Data(repeating: UInt8(ascii: "x"), count: 20_000)
            for _ in 0..<1010 { _ = try await store.append(.moment, session: nil, payload: payload, at: Sample.now) }
            let events = try await store.events(after: 0, session: nil, limit: 5000)
            try expect(events.count, equals: 1000)
            try expect(events.map(\.id), equals: events.map(\.id).sorted())
            try expect(Set(events.map(\.id)).count, equals: 1000)
        },
        ContractCheck(
            "never gives a number twice, not after forgetting and opening anew",
            reopening: { open in
                var last: Int64 = 0
                for round in 0..<3 {
                    try await using(open) { store in
                        try expect(await store.lastEvent(), equals: last)
                        let event = try await append(to: store, at: Sample.time(Double(round)))
                        try expect(event.id > last, "\(event.id) follows \(last)")
                        try await store.forgetEvents(before: Sample.time(100))
                        try expect(await store.events(after: 0, session: nil, limit: 10), equals: [])
                        try expect(await store.lastEvent(), equals: event.id)
                        let next = try await append(to: store, at: Sample.time(Double(round)))
                        try expect(next.id > event.id, "\(next.id) follows \(event.id)")
                        try await store.forgetEvents(before: Sample.time(100))
                        last = next.id
                    }
                }
            }
        ),
        ContractCheck("forgets what is older than a time and nothing else") { store in
            var events: [EventRecord] = []
            for number in 0..<10 { events.append(try await append(to: store, at: Sample.time(Double(number)))) }
            try await store.forgetEvents(before: Sample.time(4))
            try expect(await store.events(after: 0, session: nil, limit: 100), equals: Array(events[4...]))
            try await store.forgetEvents(before: Sample.time(4))
            try expect(await store.events(after: 0, session: nil, limit: 100), equals: Array(events[4...]))
        },
        ContractCheck("shows a follower every event once and in order, while 200 write") { store in
            let count = 200
            try await withThrowingTaskGroup(of: [Int64].self) { group in
                group.addTask { try await write(count, to: store) }
                group.addTask {
                    var seen: [Int64] = []
                    while true {
                        for event in try await store.events(after: seen.last ?? 0, session: nil, limit: 50) {
                            try expect(event.id > seen.last ?? 0, "\(event.id) follows \(seen.last ?? 0)")
                            if event.kind == .session { return seen }
                            seen.append(event.id)
                        }
                    }
                }
                let first = try await group.next() ?? []
                let second = try await group.next() ?? []
                try expect(first.count, equals: count)
                // An event that came late hid behind one that was read already, if they differ.
                try expect(first.sorted(), equals: second.sorted(), "what was seen or written")
            }
        },
    ]

    /// Appends events all at once, and one of another kind when all are there.
    private static func write(_ count: Int, to store: any ClipStore) async throws -> [Int64] {
        let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<count {
                group.addTask { try await append(to: store, session: "s\(number % 5)").id }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        _ = try await store.append(.session, session: nil, payload: Data("{}".utf8), at: Sample.now)
        return numbers
    }

    private static func append(
        to store: any ClipStore,
        session: String? = nil,
        at time: Date = Sample.now
    ) async throws -> EventRecord {
        try await store.append(.moment, session: session, payload: Data("{}".utf8), at: time)
    }
}
