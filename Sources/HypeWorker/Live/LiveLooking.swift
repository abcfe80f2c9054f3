import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Answers `watchLive`: the face in a stretch of the live stream, out of what is held in memory.
struct LiveLooking {
    /// How far before a stretch pictures are wanted, so that its first frame is known for certain.
    private static let leadIn = Duration.seconds(2)

    let job: Job
    let shelf: Shelf
    let session: LiveSession

    func run(_ request: LiveWatchRequest) throws -> WorkerResult {
        try session.awaitReadiness(of: job)
        try session.cutter.wait(
            until: request.interval.end,
            clock: session.clock,
            interrupt: job.interrupt
        ) { job.progress(to: $0) }
        guard let held = held(request.interval) else {
            report(request, missing: "this stretch is no longer held in memory")
            return .done
        }
        guard held.streams.contains(where: { $0.kind == .video }) else {
            report(request, missing: "the stream has no picture")
            return .done
        }
        let camera = session.camera
        let stretch = Watching.Stretch(
            interval: request.interval,
            segment: request.segment,
            camera: camera.region,
            maySearch: true,
            ordinaryArousal: camera.ordinaryArousal
        )
        try Watching(job: job, shelf: shelf).run(stretch, footage: LiveFootage(snapshot: held)) { segment in
            session.updateCamera { $0.missed = segment.needsSearch ? $0.missed + 1 : 0 }
        }
        return .done
    }

    /// What is held of a stretch, in the epoch that has most of it.
    private func held(_ interval: MediaInterval) -> ReplaySnapshot? {
        let shares = session.recorder.recorded.compactMap { recorded in
            recorded.ring.fill.interval?.intersection(interval).map { (ring: recorded.ring, span: $0.duration) }
        }
        return shares.max { $0.span < $1.span }?.ring.snapshot(from: interval.start - Self.leadIn)
    }

    private func report(_ request: LiveWatchRequest, missing reason: String) {
        let observation = Observation(kind: .face, interval: request.interval, missing: reason)
        job.emit(.observations([observation]))
    }
}
