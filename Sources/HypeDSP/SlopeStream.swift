import HypeCore

/// Puts slopes behind the values of frames as they arrive.
///
/// A frame comes out when the frames around it are known, four frames later. Where there are fewer than nine frames in
/// all, slopes are zero. Holds nine frames at most.
package struct SlopeStream: Sendable {
    private let first = SlopeFilter(order: 1, width: FeatureSettings.slopeWidth)
    private let second = SlopeFilter(order: 2, width: FeatureSettings.slopeWidth)
    private var held: [[Float]] = []
    private var slopes: [Float] = []
    private var isWarm = false

    /// Creates a stream that has seen nothing.
    package init() {}

    /// Takes the next frame.
    ///
    /// - Parameter frame: Values; all frames have the same number.
    /// - Returns: The frames that are complete, each three times as long: values, slopes, slopes of the slopes.
    package mutating func push(_ frame: [Float]) -> [[Float]] {
        held.append(frame)
        guard held.count == first.width else { return [] }
        fit()
        defer { held.removeFirst() }
        let centre = first.width / 2
        guard isWarm else {
            isWarm = true
            return held[...centre].map { $0 + slopes }
        }
        return [held[centre] + slopes]
    }

    /// Gives the last frames; the stream cannot be used after that.
    package mutating func finish() -> [[Float]] {
        if !isWarm { slopes = [Float](repeating: 0, count: 2 * (held.first?.count ?? 0)) }
        let rest = isWarm ? held.suffix(first.width / 2) : held[...]
        held = []
        return rest.map { $0 + slopes }
    }

    /// Fits curves to the held frames.
    private mutating func fit() {
        let count = held[0].count
        slopes = [Float](repeating: 0, count: 2 * count)
        for (index, frame) in held.enumerated() {
            for value in 0..<count {
                slopes[value] += first.weights[index] * frame[value]
                slopes[count + value] += second.weights[index] * frame[value]
            }
        }
    }
}
