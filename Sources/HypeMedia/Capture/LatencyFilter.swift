package import HypeCore

/// Smooths what a device says of its own delay.
///
/// The delay comes from time stamps of the wall clock, which may be set. It hardly changes while a device is open, so
/// it is learned from the first reports and then followed slowly; reports far from it are not believed until they have
/// been the only ones for a minute.
package struct LatencyFilter: Sendable {
    /// Delays that no device has are not believed.
    package static let longest = Duration.seconds(1)
    /// Farther from the known delay a report is not believed.
    package static let tolerance = Duration.milliseconds(30)
    /// How long reports must lie elsewhere before they are believed.
    package static let patience = Duration.seconds(60)
    /// How fast the delay is followed: 0.2 ms per second, which nobody hears.
    package static let slew = 2e-4

    private static let learned = 5

    private var first: [Double] = []
    private var last: MediaTime?
    private var strayedSince: MediaTime?
    /// The delay in ns; 0 until it is known.
    private(set) var value = 0.0

    /// Creates a filter that knows nothing.
    package init() {}

    /// The delay; zero until it is known.
    package var latency: Duration { .nanoseconds(Int64(value)) }

    /// Takes a report.
    ///
    /// - Parameters:
    ///   - latency: The delay.
    ///   - time: When it was reported, on a clock that is never set.
    package mutating func observe(_ latency: Duration, at time: MediaTime) {
        guard Self.isCredible(latency) else { return }
        let sample = Double(latency.nanoseconds)
        guard first.count == Self.learned else {
            first.append(max(0, sample))
            value = first.sorted()[first.count / 2]
            last = time
            return
        }
        let distance = sample - value
        guard abs(distance) < Double(Self.tolerance.nanoseconds) else {
            let since = strayedSince ?? time
            strayedSince = since
            if time - since > Self.patience {
                first = []
                strayedSince = nil
            }
            return
        }
        strayedSince = nil
        let reach = last.map { Double(max(0, (time - $0).nanoseconds)) * Self.slew } ?? 0
        value = max(0, value + min(reach, max(-reach, distance)))
        last = time
    }

    private static func isCredible(_ latency: Duration) -> Bool { latency > .zero - tolerance && latency < longest }
}
