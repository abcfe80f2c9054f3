import Foundation
package import HypeChat
package import HypeCore
package import HypeMoments

/// The chat of a live session: events in, an observation for each second of the stream out.
///
/// Pure: instants are given. A second is judged once ``grace`` has passed since, so that lines that were under way for
/// longer count. While the chat is away its seconds are missing; when it comes back, a new detector begins with what the
/// old one had learned of the ordinary level.
package struct LiveChat: Sendable {
    /// How long lines may be under way.
    package static let grace: Duration = .milliseconds(1_000)
    /// No alarm so long after the start of an unknown channel; shorter than for recordings, because a clip needs a second
    /// signal as well.
    package static let silentStart: Duration = .seconds(60)

    private var clock = ChatClock()
    private var settings: SpikeDetector.Settings
    private var detector: SpikeDetector?
    private var reason: String
    /// Until when the stream is judged; nil before its first second.
    private var judged: MediaTime?
    private var isConnected = false
    /// Lines so far.
    package private(set) var lines = 0

    /// Creates a chat that is not there yet.
    ///
    /// - Parameters:
    ///   - reason: Why it is not there, for a person.
    ///   - settings: What is taken for a spike, with the ordinary level where the channel is known.
    package init(missing reason: String, settings: SpikeDetector.Settings = SpikeDetector.Settings()) {
        self.reason = reason
        self.settings = settings
        self.settings.silentStart = min(settings.silentStart, Self.silentStart)
        if settings.baselinePrior != nil {
            self.settings.silentStart = min(settings.silentStart, SpikeDetector.silentStartWithPrior)
        }
    }

    /// The ordinary level as it is known now; nil until there was enough chat.
    package var prior: SpikeDetector.BaselinePrior? { detector?.prior ?? settings.baselinePrior }

    /// The chat is there from now on.
    package mutating func connect() {
        isConnected = true
        begin()
    }

    /// The chat is away from now on.
    ///
    /// - Parameter reason: Why, for a person.
    package mutating func disconnect(_ reason: String) {
        self.reason = reason
        isConnected = false
        guard let detector else { return }
        settings.baselinePrior = detector.prior ?? settings.baselinePrior
        // A channel that was read before is not at its beginning again.
        settings.silentStart = SpikeDetector.silentStartWithPrior
        settings.dampedStart = settings.silentStart
        self.detector = nil
    }

    /// Takes a line; one that comes while the chat counts as away is left out.
    ///
    /// - Parameters:
    ///   - event: The line.
    ///   - wall: Nanoseconds since 1970 when it came.
    ///   - monotonic: The same instant on the monotonic clock, in nanoseconds.
    ///   - stream: Relates the monotonic clock to media time.
    package mutating func take(_ event: ChatEvent, wall: Int64, monotonic: Int64, stream: LiveClock) {
        let sent = event.sent.timeIntervalSince1970 * 1e9
        let placed = clock.place(
            sent: sent.magnitude < 9e18 ? Int64(sent) : wall,
            arrivedAt: wall,
            monotonic: monotonic
        )
        lines += 1
        detector?.ingest(event.message(at: stream.media(at: placed)))
    }

    /// Judges the seconds that are over.
    ///
    /// - Parameter now: The stream's present media time.
    /// - Returns: One observation for each second that was not judged yet; the first call says where the stream begins.
    package mutating func advance(to now: MediaTime) -> [Observation] {
        let complete = MediaTime(nanoseconds: (now - Self.grace).nanoseconds.flooredToSecond)
        guard let from = judged else {
            judged = complete
            begin()
            return []
        }
        guard complete > from else { return [] }
        let stretch = MediaInterval(start: from, end: complete)
        judged = complete
        if detector != nil { return detector?.advance(to: complete) ?? [] }
        return SpikeDetector.missing(over: stretch, reason: reason)
    }

    /// Begins to judge the chat where it is there and the stream has begun.
    private mutating func begin() {
        guard isConnected, detector == nil, let judged else { return }
        detector = SpikeDetector(start: judged, settings: settings)
    }
}

extension Int64 {
    /// The last whole second at or before, in nanoseconds; zero for what is below.
    fileprivate var flooredToSecond: Int64 { Swift.max(0, self - self % 1_000_000_000) }
}
