import Foundation
import GRDB
import HypeCore
import HypeStore

/// Lists of clips out of 100,000 in SQLite, as the API hands them out, one filter at a time, and appending to the event log.
enum StoreBenchmark {
    /// One kind of question.
    struct Question: Encodable {
        var name: String
        /// Clips on the page.
        var found: Int
        var medianMilliseconds: Double
        var p99Milliseconds: Double
    }

    /// Everything that was measured.
    struct Result: Encodable {
        var clips: Int
        var repetitions: Int
        var insertedPerSecond: Double
        var megabytes: Double
        var questions: [Question]
        /// The p99 of all questions together.
        var p99Milliseconds: Double
        var appendedEventsPerSecond: Double
    }

    private static let clipCount = 100_000
    private static let repetitions = 200

    static func run() async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(path: folder.appending(path: "store.sqlite").path)
        let clock = ContinuousClock()
        let filling = try await clock.measure { try await fill(store) }
        var questions: [Question] = []
        var all: [Double] = []
        for (name, query) in try await queries(store) {
            var times: [Double] = []
            var found = 0
            for _ in 0..<repetitions {
                let span = try await clock.measure { found = try await store.clipDocuments(query).items.count }
                times.append(span / .milliseconds(1))
            }
            all += times
            questions.append(
                Question(
                    name: name,
                    found: found,
                    medianMilliseconds: part(0.5, of: times),
                    p99Milliseconds: part(0.99, of: times)
                )
            )
        }
        let events = 1000
        let appending = try await clock.measure {
            for _ in 0..<events {
                _ = try await store.append(.moment, session: "s", payload: Data(count: 1000), at: Date())
            }
        }
        let size = try folder.appending(path: "store.sqlite").resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        await store.close()
        return Result(
            clips: clipCount,
            repetitions: repetitions,
            insertedPerSecond: Double(clipCount) / (filling / .seconds(1)),
            megabytes: Double(size) / 1e6,
            questions: questions,
            p99Milliseconds: part(0.99, of: all),
            appendedEventsPerSecond: Double(events) / (appending / .seconds(1))
        )
    }

    /// Makes a database of such clips for a server to be measured with, and returns how many they are.
    static func fill(path: String) async throws -> [String: Int] {
        let store = try SQLiteStore(path: path)
        try await fill(store)
        await store.close()
        return ["clips": clipCount]
    }

    /// Clips as a server that watched 20 channels for a long time has them.
    private static func fill(_ store: SQLiteStore) async throws {
        // Waiting for the disk at each of 100,000 clips would measure the disk; what is read afterwards is the same.
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        var random = SplitMix64(seed: 1)
        for number in 0..<clipCount { try await store.insert(clip(number, &random)) }
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    private static let words = [
        "clutch", "win", "laugh", "scream", "chat", "rises", "streamer", "moment", "boss", "fight", "raid", "jump",
        "record",
    ]

    private static func clip(_ number: Int, _ random: inout SplitMix64) -> Clip {
        let begin = Double(number % 7200)
        let interval = MediaInterval(seconds: begin..<begin + 30)
        var kinds: [SignalKind] = []
        for (kind, share) in [(SignalKind.chat, 0.9), (.voice, 0.6), (.face, 0.01)] where random.uniform() < share {
            kinds.append(kind)
        }
        let title = (0..<5).map { _ in words[random.index(below: words.count)] }.joined(separator: " ") + " \(number)"
        let votes = SignalKind.allCases.map { kind in
            Vote(kind: kind, state: .present, interval: interval, score: random.uniform(), reason: "seen and heard")
        }
        var clip = Clip(
            id: String(random.next(), radix: 16),
            createdAt: Date(timeIntervalSince1970: 1_700_000_000 + Double(number)),
            interval: interval,
            plan: ClipPlan(
                interval: interval,
                core: interval,
                moments: [number],
                decision: .clip,
                score: 0.5,
                reason: "chat and voice agree within five seconds; moved into pauses between words"
            ),
            trigger: Clip.Trigger(kinds: kinds, score: random.uniform(), rule: .clip),
            signals: votes,
            emotions: EmotionScores([.happy: 0.7, .surprise: 0.2, .neutral: 0.1]),
            title: title,
            hashtags: ["hype", "clutch"],
            files: Clip.Files(
                video: Clip.File(path: "\(number).mp4", bytes: 9_000_000, sha256: String(repeating: "a", count: 64)),
                thumbnail: Clip.File(path: "\(number).jpg", bytes: 30_000, sha256: String(repeating: "b", count: 64))
            ),
            state: .saved
        )
        clip.sessionId = "session-\(number / 50)"
        clip.channel = "channel-\(number % 20)"
        clip.keep = random.uniform() < 0.05
        return clip
    }

    private static func queries(_ store: SQLiteStore) async throws -> [(String, ClipQuery)] {
        func query(_ change: (inout ClipQuery) -> Void) -> ClipQuery {
            var query = ClipQuery()
            change(&query)
            return query
        }
        func day(_ share: Double) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + Double(clipCount) * share) }
        var deep = query { $0.until = day(0.02) }
        deep.page.cursor = try await store.clips(deep).next
        var deepInChannel = query {
            $0.channel = "channel-3"
            $0.until = day(0.1)
        }
        deepInChannel.page.cursor = try await store.clips(deepInChannel).next
        deepInChannel.until = nil
        return [
            ("first page", ClipQuery()),
            ("first page of 200", ClipQuery(page: PageQuery(limit: 200))),
            ("a page far down", deep),
            ("a page far down a channel", deepInChannel),
            ("session", query { $0.session = "session-700" }),
            ("channel", query { $0.channel = "channel-7" }),
            ("kept", query { $0.keep = true }),
            ("not kept", query { $0.keep = false }),
            ("a common kind", query { $0.kind = .chat }),
            ("a rare kind", query { $0.kind = .face }),
            (
                "channel and rare kind",
                query {
                    $0.channel = "channel-7"
                    $0.kind = .face
                }
            ),
            (
                "kept and rare kind",
                query {
                    $0.keep = true
                    $0.kind = .face
                }
            ),
            (
                "span of time",
                query {
                    $0.since = day(0.4)
                    $0.until = day(0.4005)
                }
            ),
            ("common title", query { $0.title = "laugh" }),
            ("rare title", query { $0.title = " 4242" }),
            ("title of several common words", query { $0.title = "clutch win laugh scr" }),
            ("title that nothing has", query { $0.title = "nowhere" }),
            ("two letters that nothing has", query { $0.title = "qz" }),
            (
                "channel, not kept, common title",
                query {
                    $0.channel = "channel-7"
                    $0.keep = false
                    $0.title = "boss"
                }
            ),
        ]
    }

    private static func part(_ share: Double, of times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
}
