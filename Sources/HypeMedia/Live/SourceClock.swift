package import HypeCore

/// Places a source's own time stamps on the session's clock.
///
/// A pure state machine over packets in order of arrival. A source with a clock of its own is placed by the arrival of
/// its first packet, again after each interruption and after each leap (wraps of 32 or 33 bits, discontinuities of HLS,
/// encoders that start over); all tracks get the same offset, so that sound and picture keep their distance, and time
/// never goes back. Between leaps the source's clock is followed as it is.
package struct SourceClock: Sendable {
    /// What a source's time stamps mean.
    package enum Placement: Hashable, Sendable {
        /// The source has a clock of its own.
        case byArrival
        /// The stamps are on the session's clock already; what wraps after so long is unrolled.
        case given(wrap: Duration)
        /// The source's beginning is media time zero.
        case fromZero
    }

    /// A leap ahead of all tracks by more than this is a new clock, unless the packet also came so much later.
    static let forward = Duration.milliseconds(500)
    /// A stream that goes on at once after a leap is joined on; one that was away for longer is placed by its arrival.
    static let interruption = Duration.seconds(1)
    /// A leap back of one track by more than this is a new clock.
    static let backward = Duration.seconds(1)

    private let placement: Placement
    private let beginning: MediaTime
    /// The end of everything that was placed so far.
    package private(set) var front: MediaTime?
    /// How often the source's clock leapt.
    package private(set) var jumps = 0
    private var anchor: Duration?
    private var lastArrival: MediaTime?
    private var offsets: [TrackID: Duration] = [:]
    private var expected: [TrackID: MediaTime] = [:]

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - placement: What the time stamps mean.
    ///   - beginning: The stamp of the source's beginning, as for a file.
    ///   - front: The end of what was recorded before, which a source's own clock is never placed before.
    package init(_ placement: Placement, beginning: MediaTime = .zero, after front: MediaTime? = nil) {
        self.placement = placement
        self.beginning = beginning
        self.front = front
    }

    /// What has to be added to a packet's time stamps.
    ///
    /// - Parameters:
    ///   - track: The packet's track.
    ///   - raw: Its decoding time as the source gives it.
    ///   - duration: Its length, zero where unknown.
    ///   - arrival: When it came, on the session's clock.
    /// - Returns: The offset, the same for all tracks until the next leap.
    package mutating func offset(
        of track: TrackID,
        decodingTime raw: MediaTime,
        duration: Duration,
        arrival: MediaTime
    ) -> Duration {
        let pause = lastArrival.map { arrival - $0 } ?? .zero
        lastArrival = arrival
        guard let current = anchor else {
            let first = firstAnchor(raw, arrival: arrival)
            anchor = first
            return place(track, raw: raw, offset: first, duration: duration)
        }
        let own = offsets[track] ?? current
        if fits(raw + own, track: track, pause: pause) {
            return place(track, raw: raw, offset: own, duration: duration)
        }
        if !fits(raw + current, track: track, pause: pause) {
            jumps += 1
            let next = leap(raw, arrival: arrival)
            anchor = next
            return place(track, raw: raw, offset: next, duration: duration)
        }
        return place(track, raw: raw, offset: current, duration: duration)
    }

    private func firstAnchor(_ raw: MediaTime, arrival: MediaTime) -> Duration {
        switch placement {
        case .byArrival: max(front ?? arrival, arrival) - raw
        case .given(let wrap): unrolled(raw, wrap: wrap, arrival: arrival)
        case .fromZero: .zero - beginning
        }
    }

    private func leap(_ raw: MediaTime, arrival: MediaTime) -> Duration {
        if case .given(let wrap) = placement {
            let unrolled = unrolled(raw, wrap: wrap, arrival: arrival)
            if let front, raw + unrolled > front - Self.backward { return unrolled }
        }
        guard let front else { return arrival - raw }
        if case .fromZero = placement { return front - raw }
        return (arrival - front > Self.interruption ? arrival : front) - raw
    }

    /// Whole wraps that bring a stamp nearest to its arrival.
    private func unrolled(_ raw: MediaTime, wrap: Duration, arrival: MediaTime) -> Duration {
        guard wrap > .zero else { return .zero }
        let wraps = (Double((arrival - raw).nanoseconds) / Double(wrap.nanoseconds)).rounded()
        return wrap * Int(max(-1000, min(1000, wraps)))
    }

    private func fits(_ time: MediaTime, track: TrackID, pause: Duration) -> Bool {
        guard let front = expected.values.max() else { return true }
        if case .given = placement {
            // Stamps on the session's clock leap ahead when a publisher was away.
        } else if time - front > Self.forward, time - front > pause * 2 {
            return false
        }
        return (expected[track] ?? front) - time <= Self.backward
    }

    private mutating func place(_ track: TrackID, raw: MediaTime, offset: Duration, duration: Duration) -> Duration {
        offsets[track] = offset
        let end = raw + offset + duration
        expected[track] = end
        front = max(front ?? end, end)
        return offset
    }
}
