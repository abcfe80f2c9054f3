import Foundation
import HypeCore
import HypeServer
import HypeStore
import Synchronization

/// Starts sessions that do nothing, and remembers what it was asked.
final class FakeSessions: SessionControl {
    private let known = Mutex<[String: Session]>([:])

    var count: Int { known.withLock { $0.count } }

    func start(_ request: SessionRequest) async throws -> Session {
        guard request.upload != "unknown" else { throw RequestFailure(.notFound, "There is no upload “unknown”.") }
        let source =
            request.rtmp.map { Session.Source(kind: .rtmp, name: $0) }
            ?? Session.Source(kind: .recording, name: "demo.mp4", upload: request.upload)
        return add(source, request.channel, request.pace ?? .fast)
    }

    func startMonitoring(channel: String?) async throws -> Session {
        guard let channel else { throw RequestFailure(.unsupported, "Nobody is logged in; name a channel.") }
        return add(Session.Source(kind: .rtmp, name: channel), channel, .realtime)
    }

    func running(_ id: String) async -> Session? { known.withLock { $0[id] } }

    func signals(_ id: String) async throws -> [SignalReport] {
        guard await running(id) != nil else { throw RequestFailure(.notFound, "There is no such session.") }
        let interval = MediaInterval(seconds: 1..<2)
        return [SignalReport(Observation(kind: .chat, interval: interval, missing: "no chat log"), session: id)]
    }

    func stop(_ id: String) async throws -> Session {
        try known.withLock { known in
            guard known[id] != nil else { throw RequestFailure(.notFound, "There is no such session.") }
            known[id]?.state = .stopped
            return known[id]
        } ?? { throw RequestFailure(.notFound, "There is no such session.") }()
    }

    func trigger(_ id: String, _ request: TriggerRequest) async throws -> String {
        guard let session = await running(id) else { throw RequestFailure(.notFound, "There is no such session.") }
        guard !session.state.isOver else { throw RequestFailure(.conflict, "The session is over.") }
        return "clip-of-\(id)"
    }

    private func add(_ source: Session.Source, _ channel: String?, _ pace: Session.Pace) -> Session {
        let session = known.withLock { known in
            let session = Session(
                id: "session-\(known.count + 1)",
                channel: channel,
                source: source,
                pace: pace,
                startedAt: Date(timeIntervalSince1970: 1_700_000_000)
            )
            known[session.id] = session
            return session
        }
        return session
    }
}

/// Keeps stream keys in memory.
actor FakeIngest: IngestControl {
    private var keys: [String: IngestDocument.Key] = [:]

    func ingest() async throws -> IngestDocument {
        IngestDocument(url: "rtmp://127.0.0.1/live", keys: keys.values.sorted { $0.name < $1.name })
    }

    func makeKey(_ name: String, channel: String?) async throws -> IngestDocument.Key {
        guard keys[name] == nil else { throw RequestFailure(.conflict, "There is a stream key “\(name)” already.") }
        return set(IngestDocument.Key(name: name, key: "secret of \(name)", channel: channel))
    }

    func renewKey(_ name: String) async throws -> IngestDocument.Key {
        var key = try known(name)
        key.key += " renewed"
        return set(key)
    }

    func setChannel(_ channel: String?, ofKey name: String) async throws -> IngestDocument.Key {
        var key = try known(name)
        key.channel = channel
        return set(key)
    }

    func removeKey(_ name: String) async throws {
        _ = try known(name)
        keys[name] = nil
    }

    private func known(_ name: String) throws -> IngestDocument.Key {
        guard let key = keys[name] else { throw RequestFailure(.notFound, "There is no stream key “\(name)”.") }
        return key
    }

    private func set(_ key: IngestDocument.Key) -> IngestDocument.Key {
        keys[key.name] = key
        return key
    }
}

/// Waits for a code for ever.
actor FakeAccount: AccountControl {
    private var state = AccountDocument(state: .loggedOut)

    func account() async -> AccountDocument { state }

    func logIn() async throws -> AccountDocument {
        state = AccountDocument(state: .waiting)
        state.userCode = "ABCD-EFGH"
        state.verificationUrl = "https://example.com/activate"
        return state
    }

    func logOut() async throws { state = AccountDocument(state: .loggedOut) }
}

/// Knows one file per clip.
struct FakeClips: ClipDesk {
    let store: any ClipStore
    let path: String

    func file(_ part: ClipPart, of id: String) async throws -> ClipFile? {
        guard let clip = try await store.clip(id) else { throw RequestFailure(.notFound, "There is no such clip.") }
        guard part == .video, let video = clip.files.video else { return nil }
        return ClipFile(path: path, file: video, mediaType: "video/mp4")
    }

    func delete(_ id: String, cause: Deletion.Cause) async throws -> Deletion {
        guard let clip = try await store.clip(id) else { throw RequestFailure(.notFound, "There is no such clip.") }
        let deletion = Deletion(
            id: "deletion-of-\(id)",
            time: Date(timeIntervalSince1970: 1_700_000_100),
            subject: .clip,
            subjectId: id,
            title: clip.title,
            cause: cause,
            files: []
        )
        _ = try await store.remove(id, recording: deletion)
        return deletion
    }
}

/// Says the same of every file, or fails, or does what a test wants.
struct FakeMedia: MediaReader {
    /// What a test has done instead of the answer.
    typealias Answer = @Sendable (EmotionJob, @Sendable (EmotionNews) -> Void) async throws -> Data

    var failure: RequestFailure?
    var length = 2.5
    var answer: Answer?

    func probe(path: String) async throws -> MediaInfo {
        if let failure { throw failure }
        return MediaInfo(container: "wav", interval: MediaInterval(seconds: 0..<length), video: nil, audio: nil)
    }

    func load() async -> PredictionLoad {
        var load = PredictionLoad()
        load.workers = 2
        load.ready = 2
        load.capacity = 32
        return load
    }

    func emotion(of job: EmotionJob, onNews: @escaping @Sendable (EmotionNews) -> Void) async throws -> Data {
        if let failure { throw failure }
        if let answer { return try await answer(job, onNews) }
        onNews(.progress(0))
        return Data(#"{"dominant_emotion":"happy","fusion":"\#(job.fusion.rawValue)"}"#.utf8)
    }
}

/// Is as it was told to be.
struct FakeHealth: HealthSource {
    var worker = HealthReport.Entry(.ok)

    func health() async -> HealthReport {
        HealthReport(
            version: "0.0.0",
            uptime: 1,
            sessions: 0,
            parts: [
                .store: .init(.ok), .worker: worker, .disk: .init(.ok), .models: .init(.ok),
                .chat: .init(.missing, "no chat"),
            ]
        )
    }
}
