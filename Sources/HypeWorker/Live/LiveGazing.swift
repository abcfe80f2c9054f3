import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Looks at the face of a live stream all the time, segment by segment, on a thread of its own.
///
/// Only reference frames are decoded, without the loop filter. Where it is behind, it goes on at the newest key frame.
final class LiveGazing: Sendable {
    /// Length of a segment: how late observations may be.
    static let segment = Duration.seconds(1)
    /// Time between two rounds.
    private static let pause = Duration.milliseconds(100)
    /// Bytes of pictures that may wait.
    private static let patience = 16 << 20
    /// How far the stream may be ahead before pictures are skipped.
    private static let lag = Duration.seconds(3)

    private let job: Job
    private let shelf: Shelf
    private let session: LiveSession
    private let tap: LiveTap

    init(job: Job, shelf: Shelf, session: LiveSession) {
        self.job = job
        self.shelf = shelf
        self.session = session
        tap = session.recorder.tap([.video], limit: Self.patience)
    }

    func run(until interrupt: MediaInterrupt) {
        do {
            let analyzer = try FaceAnalyzer(models: shelf.faceModels())
            let gauge = session.request.faces == .attentive ? try AttentionGauge(models: shelf.attentionModels()) : nil
            var eye = Eye(job: job, session: session, analyzer: analyzer, gauge: gauge)
            while true {
                do throws(MediaError) {
                    try interrupt.pause(for: Self.pause)
                } catch {
                    return
                }
                let (items, lost) = tap.drain()
                try eye.take(lost > 0 ? items : Self.newest(of: items))
                try eye.skip()
            }
        } catch {
            job.emit(.warning("Faces are not judged: \(WorkerFailure(describing: error).message)"))
        }
    }

    /// What is worth decoding: all of it, or from the last key frame on where that is far behind the newest picture.
    private static func newest(of items: [LiveTap.Item]) -> [LiveTap.Item] {
        let times = items.compactMap { item in
            if case .packet(let packet) = item { packet.time } else { MediaTime?.none }
        }
        guard let first = times.min(), let last = times.max(), last - first > lag else { return items }
        let key = items.lastIndex { item in
            if case .packet(let packet) = item { packet.isKey } else { true }
        }
        return key.map { Array(items[$0...]) } ?? items
    }
}

/// What ``LiveGazing`` has seen so far; lives on its thread.
private struct Eye {
    /// How late pictures may be before they count as missing.
    static let lateness = Duration.seconds(2)
    /// Least time between two pictures whose expression is read.
    static let expressionStep = FaceAnalyzer.Settings().slot / 2

    let job: Job
    let session: LiveSession
    let analyzer: FaceAnalyzer
    private var gauge: AttentionGauge?
    private var puller: FramePuller?
    private var frames: [VideoFrame] = []
    private var next: MediaTime

    init(job: Job, session: LiveSession, analyzer: FaceAnalyzer, gauge: AttentionGauge?) {
        self.job = job
        self.session = session
        self.analyzer = analyzer
        self.gauge = gauge
        next = Eye.grid(session.clock.now) + LiveGazing.segment
    }

    mutating func take(_ items: [LiveTap.Item]) throws {
        for item in items {
            switch item {
            case .tracks(let streams, _):
                let picture = streams.first { $0.kind == .video }
                puller = try picture.map { try FramePuller($0, settings: settings) }
            case .packet(let packet):
                let camera = session.camera
                puller?.region = camera.region
                puller?.longestSide = longestSide(of: camera.region)
                guard let pulled = try puller?.push(packet) else { continue }
                for frame in pulled {
                    try advance(to: frame.time)
                    try measure(frame)
                    // The net of the expression sees no more with more pictures.
                    if frames.last.map({ frame.time - $0.time >= Self.expressionStep }) ?? true { frames.append(frame) }
                }
            }
        }
    }

    /// How the pictures are decoded: for attention all of them, because blinks are over in a tenth of a second.
    private var settings: FrameReader.Settings {
        var settings = Watching.settings(nil)
        guard gauge != nil else { return settings }
        settings.step = .milliseconds(40)
        settings.selection = .all
        return settings
    }

    private func longestSide(of region: PixelRegion?) -> Int? {
        if gauge != nil { return AttentionAnalyzer.usefulSide }
        return region == nil ? nil : FaceAnalyzer.usefulSide
    }

    private mutating func measure(_ frame: VideoFrame) throws {
        guard let news = try gauge?.take(frame) else { return }
        tell(news)
    }

    private func tell(_ news: AttentionGauge.News) {
        for alert in news.alerts { job.emit(.attention(alert)) }
        if let sample = news.sample { job.emit(.live(.attention(sample))) }
    }

    /// Reports segments for which no picture came.
    mutating func skip() throws {
        let status = session.recorder.status
        let isFlowing = status.arrivals[.picture].map { SessionClock.monotonic - $0 < 1_000_000_000 } ?? false
        if !isFlowing { try advance(to: max(status.front ?? .zero, session.clock.now) - Self.lateness) }
    }

    private mutating func advance(to time: MediaTime) throws {
        // A leap ahead is one long stretch without pictures.
        if time - next > .seconds(60) { try close(until: Self.grid(time)) }
        while time >= next + LiveGazing.segment { try close(until: next + LiveGazing.segment) }
    }

    private mutating func close(until end: MediaTime) throws {
        let interval = MediaInterval(start: next, end: end)
        next = end
        let inside = frames.filter { interval.contains($0.time) }
        frames.removeAll { $0.time < end }
        guard !inside.isEmpty else {
            let reason = "no camera picture in this stretch"
            job.emit(.observations([Observation(kind: .face, interval: interval, missing: reason)]))
            if let news = gauge?.advance(to: end) { tell(news) }
            return
        }
        let found = try analyzer.analyze(interval, frames: inside, ordinary: session.camera.ordinaryArousal)
        session.updateCamera { $0.missed = found.needsSearch ? $0.missed + 1 : 0 }
        job.emit(.observations(found.observations))
    }

    private static func grid(_ time: MediaTime) -> MediaTime {
        let length = LiveGazing.segment.nanoseconds
        return MediaTime(nanoseconds: max(0, time.nanoseconds) / length * length)
    }
}
