import Foundation
import HypeCore
import HypeStore

/// Values to store.
enum Sample {
    /// A whole millisecond; near the present, since a store may let events go that are long past.
    static let now = StoreTime.rounded(Date())

    /// A time so many seconds after ``now``.
    static func time(_ seconds: Double) -> Date { StoreTime.rounded(now.addingTimeInterval(seconds)) }

    /// A clip in which optional fields are empty.
    static func clip(
        _ id: String,
        at time: Date = now,
        session: String? = nil,
        channel: String? = nil,
        kinds: [SignalKind] = [.chat],
        title: String = "A moment",
        keep: Bool = false,
        bytes: Int64? = nil
    ) -> Clip {
        let interval = MediaInterval(seconds: 10..<40.25)
        let core = MediaInterval(seconds: 20..<30)
        var clip = Clip(
            id: id,
            createdAt: time,
            interval: interval,
            plan: ClipPlan(
                interval: interval,
                core: core,
                moments: [1],
                decision: .clip,
                score: 0.5,
                reason: "two agree"
            ),
            trigger: Clip.Trigger(kinds: kinds, score: 0.625, rule: .clip),
            signals: [],
            emotions: nil,
            title: title,
            hashtags: [],
            files: Clip.Files(),
            state: .saved
        )
        clip.sessionId = session
        clip.channel = channel
        clip.keep = keep
        if let bytes { clip.files.video = Clip.File(path: "\(id).mp4", bytes: bytes, sha256: hash) }
        return clip
    }

    /// A clip in which every field holds something.
    static func fullClip(_ id: String) -> Clip {
        var clip = clip(id, session: "s-1", channel: "streamer", kinds: [.chat, .voice, .face], keep: true)
        let seen = ChatEvidence(
            messagesPerSecond: 12.345678901234567,
            uniqueUsers: 42,
            baseline: 0.1,
            onset: MediaTime(nanoseconds: 19_999_999_999),
            topMessages: [RepeatedText(text: "POG “1.$a”", count: 7)],
            suppressed: nil
        )
        clip.signals = [
            Vote(
                kind: .chat,
                state: .present,
                interval: MediaInterval(seconds: 20..<25),
                score: 1,
                evidence: .chat(seen)
            ),
            Vote(kind: .face, state: .missing, reason: "no camera"),
        ]
        clip.emotions = EmotionScores([.happy: 0.9300000071525574, .sad: 1e-7])
        clip.moments = [3, 4, Int(Int32.max) + 1]
        clip.hashtags = ["hype", "größe"]
        clip.files = Clip.Files(
            video: Clip.File(path: "a/b.mp4", bytes: 5_000_000_000, sha256: hash),
            thumbnail: Clip.File(path: "a/b.jpg", bytes: 12_345, sha256: hash)
        )
        return clip
    }

    /// The proof that a clip was deleted.
    static func deletion(_ id: String, of subject: String = "clip", at time: Date = now) -> Deletion {
        Deletion(
            id: id,
            time: time,
            subject: .clip,
            subjectId: subject,
            title: "A moment",
            cause: .request,
            files: [
                Deletion.File(name: "a.mp4", bytes: 5_000_000_000, sha256: hash),
                Deletion.File(name: "a.jpg", bytes: 0, sha256: nil),
            ]
        )
    }

    /// A session that is starting.
    static func session(_ id: String, at time: Date = now) -> Session {
        Session(
            id: id,
            channel: nil,
            source: Session.Source(kind: .recording, name: "stream.mp4"),
            pace: .realtime,
            startedAt: time
        )
    }

    /// A moment of a session.
    static func moment(
        _ number: Int,
        of session: String,
        at time: Date = now,
        _ decision: Moment.Decision = .nearMiss
    ) -> MomentRecord {
        MomentRecord(
            sessionId: session,
            createdAt: time,
            moment: Moment(
                id: number,
                decision: decision,
                miss: decision == .nearMiss ? .lone : nil,
                core: MediaInterval(seconds: 1..<2.5),
                votes: [
                    Vote(kind: .chat, state: .present, interval: MediaInterval(seconds: 1..<2), score: 0.75),
                    Vote(kind: .voice, state: .quiet, score: 0.1),
                ],
                reason: "only the chat",
                decidedAt: MediaTime(seconds: 3)
            )
        )
    }

    /// A webhook for all events.
    static func webhook(_ id: String, at time: Date = now) -> Webhook {
        Webhook(id: id, url: "https://example.org/\(id)", secret: "s3cret", events: [.newClip], createdAt: time)
    }

    /// A delivery of an event of a given age.
    static func delivery(
        _ id: String,
        to webhook: String,
        event: Int64 = 1,
        at time: Date = now,
        due: Date = now
    ) -> Delivery {
        let event = EventRecord(
            id: event,
            time: time,
            kind: .newClip,
            sessionId: "s-1",
            payload: Data(#"{"title":"ä\u0000"}"#.utf8)
        )
        return Delivery(id: id, webhookId: webhook, event: event, dueAt: due)
    }

    /// Texts that a careless store loses, changes or takes for code.
    static let oddTexts = [
        "", " ", "ä ö ü ß", "e\u{301}té", "日本語のクリップ", "🏳️‍🌈👩‍👩‍👧‍👦 hype", "שלום עולם", "zero\0inside", "new\nline\ttab",
        "'; DROP TABLE clip; --", "\"quoted\" \\ back", "100% _like_", "$where", "a.b.$c", "^(.*)+[x]{2}|?$",
        "\u{FEFF}bom",
        "\u{1F}\u{7F}\u{FFFF}", String(repeating: "x", count: 5000),
    ]

    private static let hash = String(repeating: "0123456789abcdef", count: 4)
}
