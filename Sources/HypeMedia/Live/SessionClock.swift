import CFFmpeg
import Foundation
package import HypeCore

/// The clock of a live session: the machine's monotonic clock, counted from the session's time zero.
package struct SessionClock: Hashable, Sendable {
    /// The instant that is media time zero, in nanoseconds of `CLOCK_MONOTONIC`.
    package let origin: Int64

    /// Creates a clock.
    ///
    /// - Parameter origin: The instant that is media time zero, in nanoseconds of `CLOCK_MONOTONIC`.
    package init(origin: Int64) {
        self.origin = origin
    }

    /// The machine's monotonic clock, in nanoseconds.
    package static var monotonic: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// The session's time now.
    package var now: MediaTime { time(at: Self.monotonic) }

    /// The session's time at an instant of the monotonic clock, given in nanoseconds.
    package func time(at instant: Int64) -> MediaTime { MediaTime(nanoseconds: instant &- origin) }
}
