import HypeCore

/// Reads how old a frame is from the time stamp that its device gave it.
package enum DeviceStamp {
    /// The oldest that a frame is believed to be.
    package static let oldest = Duration.seconds(1)

    /// The age of a frame.
    ///
    /// Devices stamp by the monotonic clock or by the wall clock and do not say by which, so both are tried; a stamp
    /// that fits neither, as after the wall clock was set, says nothing.
    /// - Parameters:
    ///   - stamp: The time stamp in ns.
    ///   - monotonic: The monotonic clock in ns, when the frame arrived.
    ///   - wall: The wall clock in ns, when the frame arrived.
    /// - Returns: How long before its arrival the frame was taken; nil where the stamp does not tell.
    package static func age(stamp: Int64, monotonic: Int64, wall: Int64) -> Duration? {
        for now in [monotonic, wall] {
            let (age, overflow) = now.subtractingReportingOverflow(stamp)
            if !overflow, age >= 0, age <= oldest.nanoseconds { return .nanoseconds(age) }
        }
        return nil
    }
}
