import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink
import Synchronization

/// Looks at the faces of moving pictures, from the first to the last; one thread decodes while another looks.
struct FaceWatching: Sendable {
    /// What was seen.
    struct Findings: Sendable {
        /// The faces.
        var timeline: FaceTimeline
        /// Columns and rows of the upright picture.
        var size: (width: Int, height: Int) = (0, 0)
        /// Where the deadline came; nil where everything was looked at.
        var stoppedAt: MediaTime?
        /// Packets that were damaged.
        var damagedPackets = 0
        /// Time for decoding.
        var decoding = Stopwatch()
        /// Time for finding and reading faces.
        var looking = Stopwatch()
    }

    /// What the decoding thread leaves behind.
    private struct Decoding: Sendable {
        var damagedPackets = 0
        var watch = Stopwatch()
        var failure: (any Error)?
    }

    /// Points of the grid of sixteen a second from one reading to the next, where not every one is wanted.
    ///
    /// Compared with reading all sixteen, the probabilities of a clip move by 0.012 on average, and 10 of 80 clips change
    /// their answer, most of them unsure ones; with every fourth point it is 0.005 and 2, for twice the time (20
    /// recordings, 2026-11-22). How often the answer is right does not depend on it: `docs/predict.md`, "Pooling".
    static let stride: Int64 = 8

    let job: Job
    let shelf: Shelf
    let budget: TimeBudget
    let progress: SubjectProgress

    func run(_ file: MediaFile, grid: ClipGrid, readsAll: Bool) throws -> Findings {
        var settings = GridFrameReader.Settings()
        settings.stride = readsAll ? 1 : Self.stride
        settings.selection = readsAll ? .all : .referenceFrames
        var findings = Findings(timeline: FaceTimeline(grid: grid, keepsLooks: readsAll))
        let eyes = try VideoFaceReader(
            models: shelf.faceModels(),
            timeline: findings.timeline,
            step: settings.step * Int(settings.stride)
        )
        let queue = LookQueue()
        let stop = MediaInterrupt(under: budget.interrupt)
        let decoded = Mutex(Decoding())
        let threads = WorkerThreads()
        let (wanted, budget) = (settings, budget)
        threads.start("decode") {
            var decoding = Decoding()
            do {
                try Self.decode(file, settings: wanted, interrupt: stop, into: queue, decoding: &decoding)
            } catch {
                decoding.failure = error
            }
            decoded.withLock { [decoding] in $0 = decoding }
            queue.close()
        }
        let position: MediaTime
        do {
            defer {
                stop.cancel()
                queue.close()
                threads.join()
            }
            position = try look(at: queue, with: eyes, origin: file.info.interval.start - .zero, findings: &findings)
        }
        let decoding = decoded.withLock { $0 }
        findings.timeline = eyes.timeline
        findings.damagedPackets = decoding.damagedPackets
        findings.decoding = decoding.watch
        try job.checkCancellation()
        if budget.isSpent { findings.stoppedAt = position }
        // Decoding that was stopped from here is no failure.
        if let failure = decoding.failure, (failure as? MediaError)?.code != .cancelled { throw failure }
        progress.finished(.face)
        return findings
    }

    /// Looks at pictures as they come, until the last or the deadline; gives the time of the last one.
    private func look(
        at queue: LookQueue,
        with eyes: VideoFaceReader,
        origin: Duration,
        findings: inout Findings
    ) throws -> MediaTime {
        var position = MediaTime.zero
        while !budget.isSpent, let look = queue.take() {
            try job.checkCancellation()
            position = look.frame.time - origin
            guard position < MediaTime.zero + SubjectMedia.longest else { break }
            findings.size = (look.frame.region.width, look.frame.region.height)
            let frame = VideoFrame(time: position, image: look.frame.image, region: look.frame.region)
            let shown = look.shown.shifted(by: .zero - origin)
            try findings.looking.measure { try eyes.look(at: frame, shown: shown) }
            progress.reached(position, by: .face)
        }
        try findings.looking.measure { try eyes.finish() }
        return position
    }

    private static func decode(
        _ file: MediaFile,
        settings: GridFrameReader.Settings,
        interrupt: MediaInterrupt,
        into queue: LookQueue,
        decoding: inout Decoding
    ) throws {
        let reader = try decoding.watch.measure {
            try GridFrameReader(file, settings: settings, interrupt: interrupt)
        }
        while let look = try decoding.watch.measure({ try reader.next() }) {
            guard queue.put(look) else { break }
        }
        decoding.damagedPackets = reader.damagedPackets
    }
}
