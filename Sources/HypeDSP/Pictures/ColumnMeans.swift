/// Averages the frames of a sound of any length down to a bounded number of columns, as they arrive.
package struct ColumnMeans: Sendable {
    /// Values of a frame.
    package let valueCount: Int
    /// Columns that come out: one per frame, or as many as are allowed.
    package let columnCount: Int
    private let frameCount: Int
    private var sums: [Float]
    private var counts: [Int]
    private var next = 0

    /// Prepares the columns.
    ///
    /// - Parameters:
    ///   - valueCount: Values of a frame, at least 1.
    ///   - frameCount: Frames that will come, at least 1.
    ///   - most: Columns at most, at least 1.
    package init(valueCount: Int, frameCount: Int, most: Int) {
        precondition(valueCount >= 1 && frameCount >= 1 && most >= 1, "there is something to draw")
        self.valueCount = valueCount
        self.frameCount = frameCount
        columnCount = min(frameCount, most)
        sums = [Float](repeating: 0, count: columnCount * valueCount)
        counts = [Int](repeating: 0, count: columnCount)
    }

    /// Takes the next frame; more than were announced are left out.
    package mutating func push(_ frame: some Collection<Float>) {
        guard next < frameCount else { return }
        let column = next * columnCount / frameCount
        next += 1
        counts[column] += 1
        for (index, value) in frame.prefix(valueCount).enumerated() { sums[column * valueCount + index] += value }
    }

    /// The means; columns without a frame are zero.
    ///
    /// Shape `[columnCount, valueCount]`.
    package var means: [Float] {
        var means = sums
        for column in 0..<columnCount where counts[column] > 1 {
            for index in 0..<valueCount { means[column * valueCount + index] /= Float(counts[column]) }
        }
        return means
    }
}
