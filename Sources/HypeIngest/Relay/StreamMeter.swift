internal import HypeCore
internal import NIOCore

/// Measures a publisher's stream and finds what its encoder should do otherwise; a pure state machine.
package struct StreamMeter: Sendable {
    /// Key frames further apart than this delay clips and memory bounds; milliseconds.
    static let longInterval: Int64 = 4000
    /// Without any key frame for so long there will be none; milliseconds.
    static let patience: Int64 = 12_000
    /// Media time after which a missing track is missing on purpose; milliseconds.
    static let soloTime: Int64 = 5000

    private var windowStart: ContinuousClock.Instant?
    private var videoBytes = 0
    private var audioBytes = 0
    private var frames = 0
    private var firstTime: Int64?
    private var latestKey: Int64?
    private var interval: Int64?
    private var hasVideo = false
    private var hasAudio = false
    private var given: Set<IngestWarning.Kind> = []

    /// Creates a meter for a publisher that begins.
    package init() {}

    /// Takes a packet.
    ///
    /// - Returns: Warnings that were not given before.
    package mutating func take(_ packet: MediaPacket) -> [IngestWarning] {
        let first = firstTime ?? packet.time
        firstTime = first
        if packet.codec.isVideo {
            hasVideo = true
            frames += 1
            videoBytes += packet.data.readableBytes
        } else {
            hasAudio = true
            audioBytes += packet.data.readableBytes
        }
        var warnings: [IngestWarning] = []
        if packet.codec.isVideo, packet.frame.isKey {
            interval = latestKey.map { packet.time - $0 } ?? interval
            latestKey = packet.time
            if let interval, interval > Self.longInterval {
                warnings.append(.longKeyFrameInterval(.milliseconds(interval)))
            }
        } else if hasVideo {
            let wait = packet.time - (latestKey ?? first)
            if wait > Self.patience {
                warnings.append(latestKey == nil ? .noKeyFrame : .longKeyFrameInterval(.milliseconds(wait)))
            }
        }
        if packet.time - first > Self.soloTime {
            if !hasVideo { warnings.append(.audioOnly) }
            if !hasAudio { warnings.append(.videoOnly) }
        }
        return warnings.filter { given.insert($0.kind).inserted }
    }

    /// Notes something that was seen elsewhere.
    ///
    /// - Returns: The warning, where it was not given before.
    package mutating func note(_ warning: IngestWarning) -> IngestWarning? {
        given.insert(warning.kind).inserted ? warning : nil
    }

    /// What was measured since the last time, and begins the next window.
    ///
    /// - Returns: Nil the first time and where no time passed.
    package mutating func measure(now: ContinuousClock.Instant) -> StreamMeasure? {
        let since = windowStart
        let (video, audio, count) = (videoBytes, audioBytes, frames)
        windowStart = now
        (videoBytes, audioBytes, frames) = (0, 0, 0)
        guard let since, now > since else { return nil }
        let seconds = (now - since).inSeconds
        return StreamMeasure(
            videoBitrate: Int((Double(video) * 8 / seconds).rounded()),
            audioBitrate: Int((Double(audio) * 8 / seconds).rounded()),
            frameRate: Double(count) / seconds,
            keyFrameInterval: interval.map { .milliseconds($0) }
        )
    }
}
