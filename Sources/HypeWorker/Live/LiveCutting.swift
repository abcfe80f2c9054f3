import Foundation
import HypeCore
import HypeDigest
import HypeMedia
import HypeWorkerLink
import Synchronization

/// Answers `cutLive`: one clip of the live stream by stream copy.
struct LiveCutting {
    let job: Job
    let session: LiveSession

    func run(_ request: LiveCutRequest) throws -> WorkerResult {
        try session.awaitReadiness(of: job)
        if request.waits {
            try session.cutter.wait(
                until: request.interval.end,
                clock: session.clock,
                interrupt: job.interrupt
            ) { job.progress(to: $0) }
        }
        let (snapshot, clip) = try session.cuts.run(for: job) {
            let snapshot = try session.cutter.snapshot(of: request.interval)
            // The file gets its name as soon as it can be played; the disk is waited for afterwards.
            let writer = ClipWriter(settings: ClipWriter.Settings(isDurable: false))
            return (
                snapshot,
                try writer.write(
                    snapshot,
                    interval: request.interval,
                    to: request.output,
                    interrupt: job.interrupt
                )
            )
        }
        // The disk, the processor and the decoder work side by side.
        let flush = Aside("flush") { () throws(MediaError) in try FileDurability.synchronise(clip.path) }
        let picture = Aside("picture") { () throws(MediaError) in
            try request.picture.map { (time) throws(MediaError) in
                try self.picture(at: time, of: snapshot, in: clip.interval, longestSide: request.longestSide)
            }
        }
        let digest = Result { try job.digest(ofFile: clip.path) }
        let (flushed, taken) = (flush.result, picture.result)
        try flushed.get()
        return .clip(
            CutReport(
                interval: clip.interval,
                path: clip.path,
                bytes: Int64(clip.byteCount),
                sha256: try digest.get().sha256,
                damaged: clip.isDamaged,
                // A clip without a picture is still a clip.
                picture: (try? taken.get()) ?? nil
            )
        )
    }

    private func picture(
        at time: MediaTime,
        of snapshot: ReplaySnapshot,
        in clip: MediaInterval,
        longestSide: Int
    ) throws(MediaError) -> Picture {
        let jpeg = try Thumbnailer(longestSide: longestSide).jpeg(
            of: snapshot,
            near: max(clip.start, min(time, clip.end)),
            interrupt: job.interrupt
        )
        return Picture(jpeg: Data(jpeg), sha256: FileDigest.sha256(of: jpeg))
    }
}

/// Work that a thread of its own does meanwhile.
private final class Aside<Value: Sendable>: Sendable {
    private let threads = WorkerThreads()
    private let outcome = Mutex<Result<Value, MediaError>?>(nil)

    /// Starts the work.
    init(_ name: String, _ work: @escaping @Sendable () throws(MediaError) -> Value) {
        threads.start(name) { [self] in
            let result = Result { () throws(MediaError) in try work() }
            outcome.withLock { $0 = result }
        }
    }

    /// What came of it; waits for the end.
    var result: Result<Value, MediaError> {
        threads.join()
        return outcome.withLock { $0 } ?? .failure(.cancelled)
    }
}
