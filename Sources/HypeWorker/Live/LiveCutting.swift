import HypeCore
import HypeMedia
import HypeWorkerLink
import Synchronization

/// Answers `cutLive`: one clip of the live stream by stream copy.
struct LiveCutting {
    let job: Job
    let session: LiveSession

    /// The digest of a file, computed while the disk takes it.
    private func digest(ofDurable path: String) throws -> String {
        let flush = WorkerThreads()
        let failure = Mutex<MediaError?>(nil)
        flush.start("flush") {
            do throws(MediaError) {
                try FileDurability.synchronise(path)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        defer { flush.join() }
        let digest = try job.digest(ofFile: path).sha256
        flush.join()
        if let error = failure.withLock({ $0 }) { throw error }
        return digest
    }

    func run(_ request: LiveCutRequest) throws -> WorkerResult {
        try session.awaitReadiness(of: job)
        if request.waits {
            try session.cutter.wait(
                until: request.interval.end,
                clock: session.clock,
                interrupt: job.interrupt
            ) { job.progress(to: $0) }
        }
        let clip = try session.cuts.run(for: job) {
            // The file gets its name as soon as it can be played; the disk is waited for afterwards.
            let writer = ClipWriter(settings: ClipWriter.Settings(isDurable: false))
            return try writer.write(
                session.cutter.snapshot(of: request.interval),
                interval: request.interval,
                to: request.output,
                interrupt: job.interrupt
            )
        }
        let digest = try digest(ofDurable: clip.path)
        return .clip(
            CutReport(
                interval: clip.interval,
                path: clip.path,
                bytes: Int64(clip.byteCount),
                sha256: digest,
                damaged: clip.isDamaged
            )
        )
    }
}
