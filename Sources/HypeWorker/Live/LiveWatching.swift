import HypeCore
import HypeMedia
import HypeWorkerLink

/// Answers `live`: records the stream, listens to it, looks at it, and says how it is, until it ends.
struct LiveWatching: Sendable {
    let job: Job
    let shelf: Shelf
    let session: LiveSession

    func run() throws -> WorkerResult {
        let spool = openSpool()
        if let tail = spool?.tail(span: session.request.ringSpan, limit: session.request.ringBytes) {
            session.recorder.resume(tail.snapshot, epoch: tail.epoch)
        }
        session.becomeReady(spool: spool)
        let threads = WorkerThreads()
        let stop = MediaInterrupt()
        defer {
            stop.cancel()
            threads.join()
        }
        if let spool {
            let tap = SpoolWriter.tap(on: session.recorder)
            threads.start("spool") { SpoolWriter(spool, tap: tap).run(until: stop) }
        }
        let listening = LiveListening(job: job, shelf: shelf, session: session)
        threads.start("voice") { listening.run(until: stop) }
        let report = LiveReporting(job: job, session: session)
        threads.start("report") { report.run(until: stop) }
        let camera = CameraDesk(job: job, shelf: shelf, session: session)
        threads.start("camera") { camera.run(until: stop) }
        if session.request.faces != .onDemand {
            let gazing = LiveGazing(job: job, shelf: shelf, session: session)
            threads.start("face") { gazing.run(until: stop) }
        }
        let opening = LiveOpening(request: session.request, devices: session.devices)
        try session.recorder.run(
            opening: { front, interrupt throws(MediaError) in
                try opening.open(after: front, interrupt: interrupt)
            },
            interrupt: job.interrupt
        )
        return .done
    }

    /// The spool; the stream is watched without one where it cannot be made.
    private func openSpool() -> Spool? {
        do {
            return try Spool(
                Spool.Settings(folder: session.request.spool, bytes: session.request.spoolBytes)
            )
        } catch {
            job.emit(.live(.spool(bytes: 0, from: .zero, reason: error.description)))
            return nil
        }
    }
}
