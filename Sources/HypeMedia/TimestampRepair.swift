package import HypeCore

/// Turns time stamps that jump into one clock that runs on.
///
/// A pure state machine over packets in file order. When a stream's decoding time leaps, all streams get a new common
/// offset (an epoch), so that sound and picture keep their distance; streams change over one after the other, each at
/// its own first packet of the new epoch.
package struct TimestampRepair: Sendable {
    /// What counts as a jump.
    package struct Limits: Hashable, Sendable {
        /// A leap ahead of all streams by more than this starts an epoch.
        package var forward: Duration
        /// A leap back of one stream by more than this starts an epoch.
        package var backward: Duration

        /// For files: a gap of up to 10 s (FFmpeg's own `-dts_delta_threshold`) may be a real pause of the stream.
        package static let file = Limits(forward: .seconds(10), backward: .seconds(1))
        /// For clips: players stretch a sample over a gap and lose sync, so anything over a second is closed.
        package static let clip = Limits(forward: .seconds(1), backward: .seconds(1))
    }

    private let limits: Limits
    private var expected: [Int: MediaTime] = [:]
    private var offsets: [Int: Duration] = [:]
    private var latest = Duration.zero
    /// Number of epochs that were started, not counting the first.
    package private(set) var jumps = 0

    /// Creates a repair that has seen no packet.
    package init(limits: Limits) {
        self.limits = limits
    }

    /// What has to be added to a packet's time stamps.
    ///
    /// - Parameters:
    ///   - stream: Index of the packet's stream.
    ///   - raw: Decoding time as it stands in the file.
    ///   - duration: Length of the packet, zero where unknown.
    /// - Returns: The offset, which stays the same until the next jump.
    package mutating func offset(stream: Int, decodingTime raw: MediaTime, duration: Duration) -> Duration {
        var offset = offsets[stream] ?? latest
        if !fits(raw + offset, stream: stream) {
            if !fits(raw + latest, stream: stream) {
                latest = (expected.values.max() ?? raw) - raw
                jumps += 1
            }
            offset = latest
        }
        offsets[stream] = offset
        expected[stream] = raw + offset + duration
        return offset
    }

    private func fits(_ time: MediaTime, stream: Int) -> Bool {
        guard let front = expected.values.max() else { return true }
        if time - front > limits.forward { return false }
        return (expected[stream] ?? front) - time <= limits.backward
    }
}
