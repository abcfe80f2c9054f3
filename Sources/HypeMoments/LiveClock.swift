package import HypeCore

/// Relates a live stream's media time to the machine's monotonic clock.
///
/// A packet cannot arrive before it was made, and is often late: of all differences between arrival and media time the
/// smallest of the last minute is the true one. Following that minimum follows the drift of the sender's clock, and
/// neither the wall clock nor a burst of late packets moves it. Pure: instants are given, never asked for.
package struct LiveClock: Sendable, Hashable {
    /// How long a sample counts.
    private static let memory: Int64 = 60_000_000_000
    /// Samples of so much time are represented by the earliest of them.
    private static let bin: Int64 = 5_000_000_000
    /// Shortest stretch over which a drift can be told from jitter.
    private static let shortestDrift = Duration.seconds(120)

    private struct Bin: Hashable {
        var start: Int64
        var offset: Int64
    }

    /// Monotonic instant of media time zero as the session was told it.
    private let origin: Int64
    private var bins: [Bin] = []
    private var first: Bin?

    /// Creates a clock that has seen no packet.
    ///
    /// - Parameter origin: The monotonic instant, in nanoseconds, that media time zero was meant to be.
    package init(origin: Int64) {
        self.origin = origin
    }

    /// Whether a packet has come yet.
    package var isRunning: Bool { !bins.isEmpty }

    /// Takes a packet's time and when it came.
    ///
    /// - Parameters:
    ///   - media: Presentation time.
    ///   - arrival: Monotonic instant in nanoseconds.
    package mutating func add(media: MediaTime, arrival: Int64) {
        let offset = arrival &- media.nanoseconds
        let start = arrival - arrival % Self.bin
        if let last = bins.indices.last, bins[last].start == start {
            bins[last].offset = min(bins[last].offset, offset)
        } else {
            bins.append(Bin(start: start, offset: offset))
        }
        bins.removeAll { arrival - $0.start > Self.memory }
        if first == nil, bins.count > 1 { first = bins.first }
    }

    /// The media time that arrives at an instant without delay: the stream's "now".
    ///
    /// - Parameter monotonic: An instant in nanoseconds.
    /// - Returns: The media time; counted from the origin before the first packet.
    package func media(at monotonic: Int64) -> MediaTime {
        MediaTime(nanoseconds: monotonic &- (bins.map(\.offset).min() ?? origin))
    }

    /// How much faster the sender's clock runs than the machine's, in parts per million; nil until that can be told.
    package var drift: Double? {
        guard let first, let last = bins.last, last.start - first.start >= Self.shortestDrift.nanoseconds else {
            return nil
        }
        let latest = bins.map(\.offset).min() ?? last.offset
        return Double(first.offset - latest) / Double(last.start - first.start) * 1e6
    }
}

/// Places chat messages on the machine's monotonic clock, so that a step of either wall clock does not move them.
///
/// A message carries the instant at which the platform received it, on the platform's wall clock. How long it was under
/// way is only known up to a constant; what it was under way longer than the fastest message of the last two minutes is
/// its delay. The constant is part of what ``LagEstimator`` estimates.
package struct ChatClock: Sendable, Hashable {
    /// Longest delay that is believed; beyond it a clock was stepped.
    package static let longestDelay: Duration = .seconds(10)

    private static let memory: Int64 = 120_000_000_000
    private static let bin: Int64 = 10_000_000_000
    /// 73 years around 1970 in nanoseconds.
    private static let furthest = Int64.max / 4

    private struct Bin: Hashable {
        var start: Int64
        var transit: Int64
    }

    private var bins: [Bin] = []

    /// Creates a clock that has seen no message.
    package init() {}

    /// When the platform received a message.
    ///
    /// - Parameters:
    ///   - sent: Nanoseconds since 1970 on the platform's wall clock.
    ///   - arrivedAt: Nanoseconds since 1970 on this machine's wall clock when it came.
    ///   - monotonic: The same instant on the monotonic clock, in nanoseconds.
    /// - Returns: An instant of the monotonic clock, at most ``longestDelay`` before `monotonic`.
    package mutating func place(sent: Int64, arrivedAt: Int64, monotonic: Int64) -> Int64 {
        // Clamped, because a message may claim any instant.
        let transit = Self.clamped(arrivedAt) - Self.clamped(sent)
        let start = monotonic - monotonic % Self.bin
        if let last = bins.indices.last, bins[last].start == start {
            bins[last].transit = min(bins[last].transit, transit)
        } else {
            bins.append(Bin(start: start, transit: transit))
        }
        bins.removeAll { monotonic - $0.start > Self.memory }
        let delay = transit - (bins.map(\.transit).min() ?? transit)
        // More than that is a step of a clock: the message came when it came, and the old measure is of no use.
        guard delay <= Self.longestDelay.nanoseconds else {
            bins = [Bin(start: start, transit: transit)]
            return monotonic
        }
        return monotonic - max(0, delay)
    }

    private static func clamped(_ instant: Int64) -> Int64 { min(max(instant, -furthest), furthest) }
}
