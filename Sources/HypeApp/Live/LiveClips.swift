import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeMoments
import HypeStore
import HypeWorkerLink
import Logging

/// The clips of one live session: has them cut, cut again when they got better, and put into the library.
///
/// Versions of one clip follow each other; different clips are cut side by side. A version that cannot be cut leaves the
/// one before in its place.
actor LiveClips {
    /// What a session's clips need.
    struct Context: Sendable {
        /// Identifier of the session.
        var session: String
        /// The session's channel; nil for none.
        var channel: String?
        /// Has clips cut.
        var client: WorkerClient
        /// Where finished clips go.
        var library: ClipLibrary
        /// Tells and keeps.
        var diary: SessionDiary
        /// Folder for files that are being made.
        var folder: String
        /// Has the platform make a clip too; nil where that is not wanted.
        var platform: (any PlatformClips)?
    }

    /// A version of a clip that is wanted.
    struct Wish: Sendable {
        /// What it shows.
        var plan: ClipPlan
        /// The moments in it.
        var moments: [Moment]
        /// Whether to wait for its end; else it ends with what is there.
        var waits: Bool
        /// Headline of a person who asked for it; nil for the rule's clips.
        var title: String?
    }

    /// What one clip has come to.
    private struct State {
        /// The next version to be cut; nil while nothing is to be done.
        var wanted: Wish?
        /// The version that is stored, with what the program said about it.
        var stored: Clip?
        var isCutting = false
        /// Whether it became part of another clip while it was being cut.
        var isWithdrawn = false
        var version = 0
        /// What the platform made of the moment; nil until it is known.
        var platform: Clip.Platform?
    }

    private static let thumbnailSide = 640

    private let context: Context
    private var clips: [Int: State] = [:]
    /// Clips that wait for what comes after their moment, with what ends the wait.
    private var waits: [Int: AsyncStream<Never>.Continuation] = [:]
    private var isEnding = false
    private var naming = 1.0

    /// Creates a session's clips; there are none yet.
    init(_ context: Context) {
        self.context = context
    }

    /// Clips that were saved and not withdrawn.
    var saved: Int { clips.values.count { $0.stored != nil } }

    /// Clips by hand that wait to be cut.
    var waitingByHand: Int { clips.values.count { $0.wanted?.title != nil } }

    /// Finds out from which confidence on an emotion is named in titles; before that none is.
    func learnNaming() async {
        if let known = try? await context.client.namingConfidence() { naming = known }
    }

    /// The identifier of a clip.
    nonisolated func id(of number: Int) -> String { "\(context.session)-\(ClipMaker.digits(number))" }

    /// Notes that a version of a clip is wanted; ``cut(_:)`` cuts it.
    ///
    /// - Returns: Whether the clip is new.
    func want(_ wish: Wish, for clip: Int) -> Bool {
        let isNew = clips[clip] == nil
        clips[clip, default: State()].wanted = wish
        return isNew
    }

    /// Ends all waits: clips end with what is there from now on.
    func end() {
        isEnding = true
        for wait in waits.values { wait.finish() }
    }

    /// Cuts a clip until the version that is wanted is there; returns at once where that is being done already.
    ///
    /// - Returns: Whether the number of saved clips may have changed.
    func cut(_ clip: Int) async -> Bool {
        guard clips[clip]?.isCutting == false else { return false }
        clips[clip]?.isCutting = true
        while let wish = clips[clip]?.wanted {
            clips[clip]?.wanted = nil
            do {
                try await cut(wish, clip: clip)
                await tell(.saved, clip)
            } catch {
                await report(error, of: clip)
            }
        }
        clips[clip]?.isCutting = false
        if clips[clip]?.isWithdrawn == true { await withdraw(clip) }
        return true
    }

    /// Takes a clip back that became part of another one.
    func withdraw(_ clip: Int) async {
        clips[clip]?.wanted = nil
        guard clips[clip]?.isCutting != true else {
            clips[clip]?.isWithdrawn = true
            return
        }
        guard let stored = clips[clip]?.stored else {
            return await tell(.failed, clip, reason: "it became part of another clip")
        }
        do {
            _ = try await context.library.delete(stored.id, cause: .merged)
            clips[clip] = nil
        } catch {
            warn("merged clip not deleted", clip, error)
        }
    }

    /// Has the platform make a clip of the same moment, and notes what came of it.
    func askPlatform(for clip: Int) async {
        guard let platform = context.platform else { return }
        let made: Clip.Platform
        do {
            made = Clip.Platform(name: platform.name, url: try await platform.create())
        } catch {
            made = Clip.Platform(name: platform.name, reason: "\(error)")
        }
        clips[clip]?.platform = made
        await notePlatform(of: clip)
    }
}

// MARK: - Cutting

extension LiveClips {
    private func cut(_ wish: Wish, clip: Int) async throws {
        clips[clip]?.version += 1
        let name = "\(ClipMaker.name(clip))-\(clips[clip]?.version ?? 1)"
        // Telling waits for the store, the stream does not.
        async let cutting = report(of: wish, clip: clip, output: context.folder + "/" + name + ".mp4")
        await tellBeginning(of: clip)
        let report = try await cutting
        var document = document(of: wish, clip: clip, report)
        let thumbnail = report.picture.flatMap { Self.write($0, to: context.folder + "/" + name + ".jpg") }
        if let stored = clips[clip]?.stored {
            let better = try await context.library.improve(
                document,
                over: stored,
                video: report.path,
                thumbnail: thumbnail
            )
            // What the program had said, so that the next version can tell it from what a person changed.
            document.files = better.files
            clips[clip]?.stored = document
        } else {
            clips[clip]?.stored = try await context.library.adopt(document, video: report.path, thumbnail: thumbnail)
        }
        await notePlatform(of: clip)
    }

    private func document(of wish: Wish, clip: Int, _ report: CutReport) -> Clip {
        var document = ClipMaker.document(of: wish.plan, id: id(of: clip), moments: wish.moments, naming: naming)
        document.sessionId = context.session
        document.channel = context.channel
        document.start = report.interval.start
        document.end = report.interval.end
        document.duration = report.interval.duration.inSeconds
        document.state = .saved
        document.platform = clips[clip]?.platform
        if let title = wish.title {
            document.title = title
            document.trigger.manual = true
        }
        document.files.video = Clip.File(path: report.path, bytes: report.bytes, sha256: report.sha256)
        return document
    }

    /// Has the worker cut; a clip that should wait does so until the session ends.
    private func report(of wish: Wish, clip: Int, output: String) async throws -> CutReport {
        var request = LiveCutRequest(
            interval: wish.plan.interval,
            waits: wish.waits && !isEnding,
            output: output,
            picture: wish.plan.core.midpoint,
            longestSide: Self.thumbnailSide
        )
        do {
            if let report = try await whole(request, clip: clip) { return report }
            request.waits = false
            guard case .clip(let report) = try await context.client.perform(.cutLive(request)) else {
                throw AppFailure(.failed, "the worker gave no clip")
            }
            return report
        } catch let failure as WorkerFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Waits until a clip is cut with its end; nil where it should not wait, or the session ended meanwhile.
    private func whole(_ request: LiveCutRequest, clip: Int) async throws -> CutReport? {
        guard request.waits else { return nil }
        let (ending, end) = AsyncStream.makeStream(of: Never.self)
        waits[clip] = end
        defer { waits[clip] = nil }
        let client = context.client
        let result = try await withThrowingTaskGroup(of: WorkerResult?.self) { group in
            group.addTask { try await client.perform(.cutLive(request)) }
            group.addTask {
                for await _ in ending {}
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        if case .clip(let report) = result { return report }
        return nil
    }

    /// Writes a picture where the library takes it from; nil where it cannot be written.
    private static func write(_ picture: Picture, to path: String) -> String? {
        (try? picture.jpeg.write(to: URL(filePath: path))).map { path }
    }
}

// MARK: - Telling

extension LiveClips {
    private func tell(_ status: ClipProgress.Status, _ clip: Int, reason: String? = nil) async {
        await context.diary.tell(status, clip: id(of: clip), of: context.session, reason: reason)
    }

    /// Tells that a clip is coming; of its later versions nobody hears before they are there.
    private func tellBeginning(of clip: Int) async {
        guard let state = clips[clip], state.stored == nil else { return }
        if state.version == 1 { await tell(.queued, clip) }
        await tell(.cutting, clip)
    }

    private func report(_ error: any Error, of clip: Int) async {
        if clips[clip]?.stored != nil { return warn("clip stays as it is", clip, error) }
        await context.diary.tell(failure: error, clip: id(of: clip), of: context.session)
    }

    private func warn(_ what: String, _ clip: Int, _ error: any Error) {
        context.diary.logger.warning("\(what)", metadata: ["clip": "\(id(of: clip))", "error": "\(error)"])
    }

    /// Adds the platform's clip to a document that is stored; one that is not gets it when it is.
    private func notePlatform(of clip: Int) async {
        guard let made = clips[clip]?.platform, let before = clips[clip]?.stored, before.platform != made else {
            return
        }
        var document = before
        document.platform = made
        do {
            let stored = try await context.diary.store.improve(document, over: before)
            clips[clip]?.stored?.platform = made
            await context.diary.events.publish(.clip, session: context.session, stored)
        } catch {
            warn("platform's clip not noted", clip, error)
        }
    }
}
