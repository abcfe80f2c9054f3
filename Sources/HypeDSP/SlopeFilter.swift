/// Estimates how fast values change from frame to frame.
///
/// A line (order 1) or a parabola (order 2) is fitted to `width` values around each frame by least squares, and its
/// first or second derivative is taken: the filter of Savitzky and Golay (1964). The first and last frames, around
/// which there are too few values, take what the first and last full fit says, as SciPy's mode `interp` does. Equals
/// `librosa.feature.delta(order=order, width=width)`, tolerance 1e-3 against `Fixtures/features.json`.
package struct SlopeFilter: Sendable, Hashable {
    /// Number of values that a curve is fitted to.
    package let width: Int
    /// Factor of each of these values.
    ///
    /// Shape `[width]`.
    package let weights: [Float]

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - order: 1 for the slope, 2 for the slope of the slope.
    ///   - width: Number of values that a curve is fitted to; odd, at least 3.
    package init(order: Int, width: Int = 9) {
        precondition(order == 1 || order == 2, "there is a first and a second slope")
        precondition(width >= 3 && !width.isMultiple(of: 2), "a curve is fitted to an odd number of at least 3 values")
        self.width = width
        let places = (-(width / 2)...width / 2).map(Double.init)
        let squares = places.reduce(0) { $0 + $1 * $1 }
        if order == 1 {
            weights = places.map { Float($0 / squares) }
        } else {
            // The parabola's leading coefficient: the part of x² that is orthogonal to the constant.
            let fourths = places.reduce(0) { $0 + $1 * $1 * $1 * $1 }
            let mean = squares / Double(width)
            weights = places.map { Float(2 * ($0 * $0 - mean) / (fourths - squares * mean)) }
        }
    }

    /// Applies the filter to one value over time.
    ///
    /// - Parameter series: Values. Shape `[frameCount]`.
    /// - Returns: The estimate per frame, or all zeros where there are fewer than ``width``. Shape `[frameCount]`.
    package func slopes(of series: [Float]) -> [Float] {
        guard series.count >= width else { return [Float](repeating: 0, count: series.count) }
        let fits = (0...series.count - width).map { start in
            var slope: Float = 0
            for index in 0..<width { slope += weights[index] * series[start + index] }
            return slope
        }
        return series.indices.map { fits[min(max($0 - width / 2, 0), fits.count - 1)] }
    }
}
