import Foundation
import HypeCore

/// What values a measure usually has, older ones counting less and less.
///
/// A pure value of fixed size. Values count by the time they lasted, so the frequency of pictures does not matter.
struct DecayingHistogram: Hashable, Sendable {
    private let range: ClosedRange<Float>
    private let halfLife: Double
    private var weights: [Double]
    /// Seconds that were added, forgetting left out.
    private(set) var learned: Double = 0
    private var total: Double = 0

    /// Creates an empty histogram.
    ///
    /// - Parameters:
    ///   - range: Values that are told apart; those beyond count as its ends.
    ///   - bins: Number of steps in the range, at least 1.
    ///   - halfLife: Time of added values after which older ones count half.
    init(range: ClosedRange<Float>, bins: Int, halfLife: Duration) {
        self.range = range
        self.halfLife = max(1e-3, halfLife.inSeconds)
        weights = [Double](repeating: 0, count: max(1, bins))
    }

    /// Adds a value that lasted some time.
    ///
    /// - Parameters:
    ///   - value: The value; NaN is ignored.
    ///   - duration: How long it lasted.
    mutating func add(_ value: Float, for duration: Duration) {
        let seconds = duration.inSeconds
        guard seconds > 0, !value.isNaN else { return }
        let decay = exp2(-seconds / halfLife)
        total = total * decay + seconds
        learned += seconds
        for index in weights.indices { weights[index] *= decay }
        let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        let place = min(1, max(0, part)) * Float(weights.count)
        weights[min(weights.count - 1, Int(place))] += seconds
    }

    /// The value below which a part of the time lies, interpolated inside its step.
    ///
    /// - Parameter part: 0…1.
    /// - Returns: The value; nil where nothing was added.
    func quantile(_ part: Double) -> Float? {
        guard total > 0 else { return nil }
        let step = (range.upperBound - range.lowerBound) / Float(weights.count)
        var before = 0.0
        for (index, weight) in weights.enumerated() where weight > 0 {
            if before + weight >= part * total {
                let inside = Float(max(0, min(1, (part * total - before) / weight)))
                return range.lowerBound + (Float(index) + inside) * step
            }
            before += weight
        }
        return range.upperBound
    }
}
