import HypeCore
import HypeMedia
import HypeWorkerLink

/// Says how a live stream is, four times a second, on a thread of its own.
struct LiveReporting: Sendable {
    /// Time between two rounds.
    private static let pause = Duration.milliseconds(250)

    let job: Job
    let session: LiveSession

    func run(until interrupt: MediaInterrupt) {
        var watch = LiveHealth(patience: LiveOpening(request: session.request, devices: session.devices).patience)
        var lastSpool: Spool.Status?
        var complaints: Set<String> = []
        var round = 0
        while true {
            do throws(MediaError) {
                try interrupt.pause(for: Self.pause)
            } catch {
                return
            }
            let status = session.recorder.status
            if let last = status.last {
                job.emit(.live(.clock(LiveClockSample(media: last.media, arrival: last.arrival))))
            }
            for finding in watch.update(status, sound: session.sound, at: SessionClock.monotonic) { act(on: finding) }
            for complaint in session.devices.complaints where complaints.insert(complaint).inserted {
                job.emit(.warning(complaint))
            }
            reportSpool(&lastSpool, isDue: round % 8 == 0)
            if round % 2 == 0 { job.emit(.progress(WorkerProgress(position: status.front ?? .zero))) }
            round += 1
        }
    }

    private func act(on finding: LiveHealth.Finding) {
        switch finding {
        case .track(let track, let reason): job.emit(.live(.track(track, reason: reason)))
        case .silent(let reason): job.emit(.live(.waiting(reason: reason)))
        case .resumed(let streams, let time):
            job.emit(.live(.opened(MediaInfo(live: streams, from: time), from: time)))
        case .reopen(let reason): session.recorder.reopen(because: reason)
        }
    }

    private func reportSpool(_ last: inout Spool.Status?, isDue: Bool) {
        guard let status = session.spool?.status, isDue || status.reason != last?.reason, status != last else { return }
        last = status
        job.emit(.live(.spool(bytes: status.bytes, from: status.start ?? .zero, reason: status.reason)))
    }
}

extension MediaInfo {
    /// Describes live tracks.
    init(live streams: [StreamInfo], from start: MediaTime) {
        self.init(
            container: "live",
            interval: MediaInterval(start: start, end: start),
            video: streams.first { $0.kind == .video }.map(MediaFile.describeVideo),
            audio: streams.first { $0.id == .sound }.map(MediaFile.describeAudio)
        )
    }
}
