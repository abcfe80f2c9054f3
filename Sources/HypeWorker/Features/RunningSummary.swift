import HypeWorkerLink

/// Mean, deviation and range of the values of frames, as they come.
struct RunningSummary: Sendable {
    private struct Value: Sendable {
        var mean = 0.0
        var squares = 0.0
        var least = Double.infinity
        var greatest = -Double.infinity
    }

    private var values: [Value]
    private var count = 0.0

    /// Creates a summary of no frames.
    ///
    /// - Parameter valueCount: Values of a frame.
    init(valueCount: Int) {
        values = [Value](repeating: Value(), count: valueCount)
    }

    /// Takes a frame.
    mutating func add(_ frame: [Float]) {
        count += 1
        // Welford's recurrence: exact where a sum of squares would cancel.
        for (index, number) in frame.enumerated() where index < values.count {
            let number = Double(number)
            let deviation = number - values[index].mean
            values[index].mean += deviation / count
            values[index].squares += deviation * (number - values[index].mean)
            values[index].least = min(values[index].least, number)
            values[index].greatest = max(values[index].greatest, number)
        }
    }

    /// The summary under the values' names; none before the first frame.
    func report(_ names: [String]) -> [FeaturesReport.Value] {
        guard count > 0 else { return [] }
        return zip(names, values).map { name, value in
            FeaturesReport.Value(
                name: name,
                mean: value.mean,
                deviation: (value.squares / count).squareRoot(),
                least: value.least,
                greatest: value.greatest
            )
        }
    }
}
