import Dispatch
import Foundation

/// The instants that the two processes of one machine agree on.
enum MonotonicTime {
    /// `CLOCK_MONOTONIC` in nanoseconds.
    static var now: Int64 { Int64(clamping: DispatchTime.now().uptimeNanoseconds) }
    /// Nanoseconds since 1970 on the wall clock.
    static var wall: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}
