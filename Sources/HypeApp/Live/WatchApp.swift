import Foundation
package import HypeCore
import HypeEvents
import HypeLibrary
import HypeMoments
import HypeServer
import HypeStore
import Logging
import ServiceLifecycle

/// The composition root of `hypeclip watch`: one live session without the web page.
package struct WatchApp: Sendable {
    /// Something that a person who watches should see.
    package enum News: Sendable {
        /// Where the encoder sends its stream, and by which key.
        case address(url: String, key: String)
        /// How the session is.
        case session(Session)
        /// What a detector saw last.
        case signal(kind: SignalKind, score: Double?, missing: String?, at: MediaTime)
        /// How loud it is in dB of full scale; nil without sound.
        case level(loudness: Double?, isSpeech: Bool)
        /// The chat began to rise.
        case spike(at: MediaTime, score: Double)
        /// A moment or a near miss.
        case moment(Moment)
        /// A clip is there, or there better; where its file lies.
        case clip(Clip, path: String, isNew: Bool)
        /// Attention rose or fell past a limit.
        case alert(AttentionAlert)
        /// A clip will not come.
        case lost(clip: String, reason: String)
    }

    private let surroundings: Surroundings

    /// Reads flags, environment and settings file.
    ///
    /// - Parameters:
    ///   - flags: What stood on the command line, by key of the setting.
    ///   - configFile: Path of a JSON settings file, or nil.
    ///   - isVerbose: Whether to log what developers want to know.
    /// - Throws: ``AppFailure`` with a report of all mistakes in the settings.
    package init(flags: [String: String], configFile: String?, isVerbose: Bool) async throws {
        surroundings = try await Surroundings(
            flags: flags,
            configFile: configFile,
            level: isVerbose ? .debug : .error
        )
    }

    /// Watches until the stream ends, or the task is cancelled; then what is being cut is finished.
    ///
    /// - Parameters:
    ///   - wish: What to watch.
    ///   - tell: Called in order for everything that happens.
    /// - Returns: The session as it ended.
    /// - Throws: ``AppFailure`` where something that is needed cannot be had.
    package func run(_ wish: WatchWish, tell: @escaping @Sendable (News) -> Void) async throws -> Session {
        let (stopping, stop) = AsyncStream.makeStream(of: Never.self)
        // Not a child, so that cancelling does not tear down what is being cut; awaited below, and told to stop instead.
        let work = Task { try await perform(wish, until: stopping, tell: tell) }
        return try await withTaskCancellationHandler {
            do {
                return try await work.value
            } catch let failure as RequestFailure {
                throw AppFailure(.failed, failure.message)
            } catch {
                throw AppFailure(ofPart: error) ?? error
            }
        } onCancel: {
            stop.finish()
        }
    }

    private func perform(
        _ wish: WatchWish,
        until stopping: AsyncStream<Never>,
        tell: @escaping @Sendable (News) -> Void
    ) async throws -> Session {
        let folder = try DataFolder(path: surroundings.dataFolder)
        let studio = try await Studio(surroundings, folder: folder)
        try await studio.library.sweep()
        let clips = folder.path + "/clips/"
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: studio.services, logger: surroundings.logger)
        )
        async let serving: Void = group.run()
        let result: Result<Session, any Error>
        do {
            result = .success(try await watch(wish, with: studio, clips: clips, until: stopping, tell: tell))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await serving
        await studio.store.close()
        return try result.get()
    }

    private func watch(
        _ wish: WatchWish,
        with studio: Studio,
        clips: String,
        until stopping: AsyncStream<Never>,
        tell: @escaping @Sendable (News) -> Void
    ) async throws -> Session {
        if case .rtmp(let name) = wish.source {
            let document = try await studio.ingest.ready()
            guard let key = document.keys.first(where: { $0.name == name }) else {
                throw AppFailure(.failed, "there is no stream key “\(name)”")
            }
            tell(.address(url: document.url, key: key.key))
        }
        let before = try await studio.store.lastEvent()
        let session = try await studio.sessions.start(wish.request)
        let events = await studio.events.subscribe(after: before, session: session.id)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in stopping {}
                // Also reached when the session has ended by itself; stopping it again changes nothing.
                _ = try? await studio.sessions.stop(session.id)
            }
            defer { tasks.cancelAll() }
            for try await record in events {
                guard let news = Self.news(of: record, clips: clips) else { continue }
                tell(news)
                if case .session(let session) = news, session.state.isOver { return session }
            }
            return session
        }
    }

    private static func news(of record: EventRecord, clips: String) -> News? {
        switch record.kind {
        case .session: decode(Session.self, record).map(News.session)
        case .moment: decode(MomentRecord.self, record).map { .moment($0.moment) }
        case .newClip, .clip:
            decode(Clip.self, record).map {
                .clip($0, path: clips + ($0.files.video?.path ?? ""), isNew: record.kind == .newClip)
            }
        case .signal:
            decode(SignalReport.self, record).map {
                .signal(kind: $0.kind, score: $0.score, missing: $0.missing, at: $0.end)
            }
        case .level: decode(LevelReport.self, record).map { .level(loudness: $0.loudness, isSpeech: $0.isSpeech) }
        case .newSpike: decode(SpikeReport.self, record).map { .spike(at: $0.time, score: $0.score) }
        case .clipProgress:
            decode(ClipProgress.self, record).flatMap { progress in
                progress.status == .failed ? .lost(clip: progress.clipId, reason: progress.reason ?? "") : nil
            }
        case .attentionAlert: decode(AttentionAlert.self, record).map { .alert($0) }
        case .health, .deletion, .predictProgress: nil
        }
    }

    private static func decode<Payload: Decodable>(_ type: Payload.Type, _ record: EventRecord) -> Payload? {
        try? DocumentJSON.decode(type, from: record.payload)
    }
}
