import HypeCore
import HypeDigest
import HypeMedia
import HypeWorkerLink

/// Answers `cut`: one clip by stream copy.
struct Cutting {
    let job: Job
    let shelf: Shelf

    func run(_ request: CutRequest) throws -> WorkerResult {
        let recording = try shelf.recording(request.path, for: job)
        let clip = try ClipCutter().cut(
            recording.file,
            interval: recording.inFile(request.interval),
            to: request.output,
            interrupt: job.interrupt
        ) { part in
            job.progress(to: request.interval.start + request.interval.duration * part)
        }
        return .clip(
            CutReport(
                interval: clip.interval.shifted(by: .zero - recording.origin),
                path: clip.path,
                bytes: Int64(clip.byteCount),
                sha256: try job.digest(ofFile: clip.path).sha256,
                damaged: clip.isDamaged
            )
        )
    }
}
