internal import HypeCore

/// Moves the time stamps of a session's publishers onto the session's own clock; a pure state machine.
///
/// The session begins at 0 with its first media, or at an instant that is given. A publisher that comes back goes on where the session's wall clock
/// has arrived meanwhile. Within a connection time stamps wrap at 2³² ms (49.7 days) unnoticed, and where they leap,
/// back or ahead of what the arrival explains, they get a new offset, so that no frame becomes long and none goes back.
package struct SessionClock: Sendable {
    /// What counts as a leap.
    package struct Limits: Hashable, Sendable {
        /// Milliseconds by which sound and picture may be out of step; further back is a leap.
        package var backward: Int64
        /// Milliseconds that a time stamp may run ahead of what passed since the packet before; more is a leap.
        package var forward: Int64

        /// Creates limits.
        package init(backward: Int64 = 1000, forward: Int64 = 2000) {
            self.backward = backward
            self.forward = forward
        }
    }

    /// One run of a publisher's clock without a leap.
    private struct Timeline {
        var latest: UInt32
        var sessionTime: Int64

        /// The session time of a time stamp, by the shorter way around the wrap.
        func map(_ timestamp: UInt32) -> Int64 {
            sessionTime + Int64(Int32(bitPattern: timestamp &- latest))
        }
    }

    private let limits: Limits
    private var start: ContinuousClock.Instant?
    private var latestArrival: ContinuousClock.Instant?
    private var front: Int64 = 0
    private var current: Timeline?
    /// The run before the latest leap: sound and picture leap one after the other.
    private var former: Timeline?
    private var tracks: [Bool: Int64] = [:]
    /// Number of leaps that were repaired.
    package private(set) var leaps = 0

    /// Creates the clock of a session.
    ///
    /// - Parameters:
    ///   - limits: What counts as a leap.
    ///   - start: When session time 0 was; nil for the arrival of the first media.
    package init(limits: Limits = Limits(), start: ContinuousClock.Instant? = nil) {
        self.limits = limits
        self.start = start
    }

    /// Notes that another publisher's time stamps follow.
    package mutating func beginConnection() {
        (current, former) = (nil, nil)
    }

    /// Moves a time stamp.
    ///
    /// - Parameters:
    ///   - timestamp: The publisher's milliseconds.
    ///   - isVideo: Whose it is; each track's times never go back.
    ///   - now: When it arrived.
    /// - Returns: Milliseconds of session time, at least 0.
    package mutating func time(of timestamp: UInt32, isVideo: Bool, now: ContinuousClock.Instant) -> Int64 {
        let elapsed = latestArrival.map { max(0, Self.milliseconds(now - $0)) } ?? 0
        latestArrival = now
        let mapped = place(timestamp, elapsed: elapsed, now: now)
        front = max(front, mapped)
        let time = max(mapped, tracks[isVideo] ?? 0, 0)
        tracks[isVideo] = time
        return time
    }

    private mutating func place(_ timestamp: UInt32, elapsed: Int64, now: ContinuousClock.Instant) -> Int64 {
        guard let timeline = current else { return begin(at: timestamp, now: now) }
        let reach = front + elapsed + limits.forward
        let mapped = timeline.map(timestamp)
        if mapped >= front - limits.backward, mapped <= reach {
            if mapped > timeline.sessionTime { current = Timeline(latest: timestamp, sessionTime: mapped) }
            return mapped
        }
        if let former {
            let late = former.map(timestamp)
            if late >= front - limits.backward, late <= reach { return late }
        }
        leaps += 1
        former = timeline
        let next = front + max(1, elapsed)
        current = Timeline(latest: timestamp, sessionTime: next)
        return next
    }

    private mutating func begin(at timestamp: UInt32, now: ContinuousClock.Instant) -> Int64 {
        let time: Int64
        if let start {
            time = max(Self.milliseconds(now - start), front + 1)
        } else {
            start = now
            // Sound often begins some milliseconds before the picture or behind it; small beginnings are kept as they
            // are, so that neither has to be moved.
            time = Int64(timestamp) <= limits.backward ? Int64(timestamp) : 0
        }
        current = Timeline(latest: timestamp, sessionTime: time)
        return time
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        duration.nanoseconds / 1_000_000
    }
}
