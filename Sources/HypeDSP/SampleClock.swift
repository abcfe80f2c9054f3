package import HypeCore

/// Follows the time stamps of audio blocks and says where the sound is interrupted.
///
/// Time stamps of some containers are rounded to a millisecond, so small deviations count as continuous and the clock
/// takes the newer stamp. Larger ones, in either direction, are a break.
package struct SampleClock: Sendable {
    /// Deviation up to which blocks count as continuous.
    ///
    /// Containers round to 1 ms; codec delay of a badly cut file shifts by up to one AAC frame (21 to 23 ms).
    package static let tolerance = Duration.milliseconds(30)

    /// The time at which the next block is expected, or nil before the first.
    package private(set) var expected: MediaTime?

    /// Creates a clock that has seen nothing.
    package init() {}

    /// Takes note of a block.
    ///
    /// - Parameter block: The next block in order of arrival.
    /// - Returns: The stretch without sound before the block (empty where time jumped back), or nil where the block
    ///   continues the sound or is the first.
    package mutating func advance(over block: AudioBlock) -> MediaInterval? {
        defer { expected = block.end }
        guard let expected else { return nil }
        let deviation = block.start - expected
        guard deviation > Self.tolerance || deviation < .zero - Self.tolerance else { return nil }
        return MediaInterval(start: min(expected, block.start), end: block.start)
    }
}
