package import Foundation
package import HypeCore
package import HypeEvents
package import HypeStore
package import Logging
import ServiceLifecycle

/// Deletes what has been kept for long enough.
///
/// At the start what the last end left behind is mended; then everything is looked at, and again at every interval, after
/// each new clip and after each change of a session. Every deletion is recorded and published by ``ClipLibrary``.
package actor RetentionService: Service {
    /// What one look at everything did.
    package struct Report: Hashable, Sendable {
        /// Clips that were deleted.
        package var clips = 0
        /// Recordings that were deleted.
        package var recordings = 0
        /// Deletions that failed; they are tried again at the next look.
        package var failed = 0
        /// Limits that cannot be kept, because what is left is to be kept or too fresh.
        package var unmet: [Deletion.Cause] = []
    }

    private let library: ClipLibrary
    private let store: any ClipStore
    private let events: EventLog
    private let shelf: any RecordingShelf
    private let settings: RetentionSettings
    private let page: Int
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date
    private let free: @Sendable () throws -> Int64
    /// Says that everything should be looked at; more than one such call while busy counts as one.
    private let calls: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private var isSwept = false
    /// What the latest look did; nil before the first.
    package private(set) var latest: Report?

    /// Creates a service; nothing is deleted before ``run()``.
    ///
    /// - Parameters:
    ///   - library: Deletes.
    ///   - store: Knows what there is.
    ///   - events: Tells of new clips and ended sessions.
    ///   - shelf: Knows where recordings are.
    ///   - settings: The limits.
    ///   - page: Clips that are planned for at once, at least 1.
    ///   - logger: Hears of what cannot be deleted.
    ///   - clock: Paces the looks.
    ///   - now: The wall clock.
    ///   - free: Free bytes of the disk.
    package init(
        library: ClipLibrary,
        store: any ClipStore,
        events: EventLog,
        shelf: any RecordingShelf,
        settings: RetentionSettings,
        page: Int = 200,
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        free: @escaping @Sendable () throws -> Int64
    ) {
        self.library = library
        self.store = store
        self.events = events
        self.shelf = shelf
        self.settings = settings
        self.page = page
        self.logger = logger
        self.clock = clock
        self.now = now
        self.free = free
        (calls, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Looks at everything again and again until the task is cancelled or the program shuts down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.tick() }
            bell.yield()
            for await _ in calls { await look() }
            group.cancelAll()
        }
    }

    private func listen() async {
        while !Task.isCancelled {
            let subscription = await events.subscribe(after: nil)
            bell.yield()
            do {
                for try await record in subscription where record.kind == .newClip || record.kind == .session {
                    bell.yield()
                }
                return
            } catch {
                // Too many at once to be told of each; a look sees everything anyway.
                continue
            }
        }
    }

    private func tick() async {
        while (try? await clock.sleep(for: settings.interval)) != nil { bell.yield() }
    }

    /// Looks at everything once.
    package func look() async {
        do {
            if !isSwept {
                try await library.sweep()
                isSwept = true
            }
            var report = Report()
            try await deleteClips(&report)
            if !settings.keepsRecordings { try await deleteRecordings(&report) }
            if let age = settings.eventAge {
                try await store.forgetEvents(before: now().addingTimeInterval(-age.inSeconds))
            }
            if !report.unmet.isEmpty, report.unmet != latest?.unmet {
                logger.warning(
                    "limits of the clips cannot be kept: what is left is to be kept or too fresh",
                    metadata: ["limits": "\(report.unmet.map(\.rawValue).joined(separator: ", "))"]
                )
            }
            latest = report
        } catch {
            // A store refuses what a cancelled task asks of it; the next start goes on where this look ended.
            if Task.isCancelled { return }
            logger.error("retention has to wait", metadata: ["error": "\(error)"])
        }
    }

    private func deleteClips(_ report: inout Report) async throws {
        var stubborn: Set<String> = []
        while !Task.isCancelled {
            let clips = try await store.expendable(limit: page + stubborn.count)
            let plan = RetentionPlan(
                candidates: clips.map { RetentionPlan.Candidate($0) }.filter { !stubborn.contains($0.id) },
                situation: RetentionPlan.Situation(totals: try await store.totals(), free: freeBytes(), now: now()),
                settings: settings
            )
            report.unmet = plan.unmet
            for step in plan.steps {
                if Task.isCancelled { return }
                do throws(LibraryFailure) {
                    _ = try await library.delete(step.id, cause: step.cause)
                    report.clips += 1
                } catch  where error.code == .notFound {
                    // Somebody else was faster.
                    stubborn.insert(step.id)
                } catch {
                    stubborn.insert(step.id)
                    report.failed += 1
                    logger.error(
                        "a clip cannot be deleted",
                        metadata: ["clip.id": "\(step.id)", "error": "\(error)"]
                    )
                }
            }
            // A plan that ends before its page does is all there is to do.
            if plan.steps.count < page { return }
        }
    }

    /// Deletes recordings of sessions that are over.
    private func deleteRecordings(_ report: inout Report) async throws {
        let unfinished = try await store.unfinishedSessions()
        let recent = try await store.sessions(PageQuery(limit: PageQuery.limits.upperBound)).items
        for session in recent {
            guard let upload = Self.servedUpload(of: session, unfinished: unfinished),
                let recording = await shelf.recording(upload)
            else { continue }
            do throws(LibraryFailure) {
                guard try await library.delete(recording, session: session.id, cause: .served) != nil else { continue }
                await shelf.forget(upload)
                report.recordings += 1
            } catch {
                report.failed += 1
                logger.error(
                    "a recording cannot be deleted",
                    metadata: ["upload.id": "\(upload)", "error": "\(error)"]
                )
            }
        }
    }

    /// The upload of a session that nobody needs any more; nil where there is none.
    ///
    /// A session that failed keeps its recording, so that it can be watched again.
    package static func servedUpload(of session: Session, unfinished: [Session]) -> String? {
        guard session.state == .finished || session.state == .stopped, let upload = session.source.upload else {
            return nil
        }
        return unfinished.contains { $0.source.upload == upload } ? nil : upload
    }

    private func freeBytes() -> Int64? {
        do { return try free() } catch {
            logger.warning("the free space is not known", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
