package import HypeCore

/// A blink.
package struct Blink: Hashable, Sendable, Codable {
    /// When the lids had come down to within ``BlinkDetector/prominence`` of their lowest place.
    package var onset: MediaTime
    /// Time until they had left it again by as much, 0 to 0.5.
    package var seconds: Double
    /// Least openness in between, 0…1.5.
    package var depth: Double
}

/// Finds blinks in a course of openness.
///
/// A pure value. A blink is a fall of openness and its rise again within half a second, whatever the level before and
/// after: lids that stay half closed afterwards (a squint) do not hide it. Blinks of alert people last 0.1 to 0.4 s
/// (Schiffman, "Sensation and Perception", 2000); longer closures are not blinks here. What falls and rises between two
/// pictures cannot be seen: below 15 pictures per second many blinks are missed.
package struct BlinkDetector: Hashable, Sendable {
    /// Longest blink.
    package static let longest: Duration = .milliseconds(500)
    /// Least fall and rise of openness.
    package static let prominence: Float = 0.3
    /// Openness below which a blink must go; an incomplete one stays above.
    package static let depth: Float = 0.6
    /// Most samples that are kept; at more than 96 pictures per second the oldest go.
    private static let capacity = 96

    private struct Sample: Hashable, Sendable {
        let time: MediaTime
        let openness: Float
    }

    private var samples: [Sample] = []

    /// Creates a detector that has seen nothing.
    package init() {}

    /// Takes in the next sample.
    ///
    /// - Parameters:
    ///   - openness: 0…1.5; nil where it is not known, and nothing is concluded across it.
    ///   - time: Later than the one before.
    /// - Returns: The blink that ended with this sample, or nil.
    package mutating func update(_ openness: Float?, at time: MediaTime) -> Blink? {
        guard let openness else {
            samples.removeAll(keepingCapacity: true)
            return nil
        }
        samples.append(Sample(time: time, openness: openness))
        // A blink of the greatest length, and room for the samples around it.
        samples.removeAll { time - $0.time > Self.longest + Self.longest }
        if samples.count > Self.capacity { samples.removeFirst(samples.count - Self.capacity) }
        guard let blink = ended() else { return nil }
        samples.removeFirst(samples.count - 1)
        return blink
    }

    private func ended() -> Blink? {
        guard
            let last = samples.indices.last,
            let lowest = samples.indices.min(by: { samples[$0].openness < samples[$1].openness }), lowest < last,
            samples[lowest].openness < Self.depth,
            samples[last].openness >= samples[lowest].openness + Self.prominence,
            let before = samples[..<lowest].lastIndex(where: {
                $0.openness >= samples[lowest].openness + Self.prominence
            })
        else { return nil }
        let level = samples[lowest].openness + Self.prominence
        let onset = crossing(of: level, from: before, to: before + 1)
        guard let up = samples[lowest...].firstIndex(where: { $0.openness >= level }) else { return nil }
        let length = crossing(of: level, from: up, to: up - 1) - onset
        guard length <= Self.longest else { return nil }
        return Blink(onset: onset, seconds: length.inSeconds, depth: Double(samples[lowest].openness))
    }

    /// When a straight line between two neighbours passes a level; `from` lies at or above it.
    private func crossing(of level: Float, from: Int, to: Int) -> MediaTime {
        let (high, low) = (samples[from], samples[to])
        let fall = high.openness - low.openness
        let part = fall > 0 ? Double((high.openness - level) / fall) : 0
        return high.time + .nanoseconds(Int64(Double((low.time - high.time).nanoseconds) * part))
    }
}
