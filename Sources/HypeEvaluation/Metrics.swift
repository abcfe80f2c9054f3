/// Figures of merit of a classifier; the same definitions as `Training/hypetrain/metrics.py`.
///
/// Classes are numbered from 0. Where a file got no answer, the answer is nil and counts as wrong.
package enum Metrics {
    /// Counts of answers by truth.
    ///
    /// - Parameters:
    ///   - truths: The right class of each item.
    ///   - answers: The answered class of each item, or nil.
    ///   - classes: Number of classes.
    /// - Returns: Counts. Shape `[classes, classes]`, rows are the truth; items without an answer are in none.
    package static func confusion(truths: [Int], answers: [Int?], classes: Int) -> [[Int]] {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        for (truth, answer) in zip(truths, answers) {
            if let answer { counts[truth][answer] += 1 }
        }
        return counts
    }

    /// Part of the items with the right answer, 0…1 (also called weighted average recall, WAR); NaN without items.
    package static func accuracy(truths: [Int], answers: [Int?]) -> Double {
        Double(zip(truths, answers).count { $0 == $1 }) / Double(truths.count)
    }

    /// Unweighted average recall, 0…1: the mean over the classes that occur of the part of their items that is right.
    ///
    /// NaN without items.
    package static func uar(truths: [Int], answers: [Int?]) -> Double {
        var total: [Int: Int] = [:]
        var right: [Int: Int] = [:]
        for (truth, answer) in zip(truths, answers) {
            total[truth, default: 0] += 1
            if truth == answer { right[truth, default: 0] += 1 }
        }
        return total.reduce(0) { $0 + Double(right[$1.key] ?? 0) / Double($1.value) } / Double(total.count)
    }

    /// Expected calibration error of the highest probability, 0…1, over bins of equal width.
    ///
    /// - Parameters:
    ///   - certainties: The highest probability of each item and whether it stood for the right class.
    ///   - bins: Number of bins between 0 and 1.
    /// - Returns: The mean distance of confidence and accuracy, weighted by the number of items; NaN without items.
    package static func calibrationError(_ certainties: [Certainty], bins: Int = 15) -> Double {
        guard !certainties.isEmpty else { return .nan }
        // The bootstrap asks for this a thousand times, so there is no grouping here. The distance of a bin's means,
        // weighted by its items, is the sum of the differences of its items.
        var differences = [Double](repeating: 0, count: bins)
        for item in certainties {
            differences[bin(of: item, bins: bins)] += (item.isRight ? 1 : 0) - item.confidence
        }
        return differences.reduce(0) { $0 + abs($1) } / Double(certainties.count)
    }

    private static func bin(of item: Certainty, bins: Int) -> Int {
        min(bins - 1, max(0, Int(item.confidence * Double(bins))))
    }

    /// How often answers of a confidence are right, over bins of equal width.
    ///
    /// - Parameters:
    ///   - certainties: The highest probability of each item and whether it stood for the right class.
    ///   - bins: Number of bins between 0 and 1.
    /// - Returns: The bins that hold items, in order of confidence.
    package static func reliability(_ certainties: [Certainty], bins: Int = 10) -> [ReliabilityBin] {
        Dictionary(grouping: certainties) { bin(of: $0, bins: bins) }
            .sorted { $0.key < $1.key }
            .map { _, items in
                let count = Double(items.count)
                return ReliabilityBin(
                    confidence: items.reduce(0) { $0 + $1.confidence } / count,
                    accuracy: Double(items.count(where: \.isRight)) / count,
                    count: items.count
                )
            }
    }

    /// What abstaining below a threshold costs and brings.
    ///
    /// - Parameters:
    ///   - certainties: The highest probability of each item that could be judged.
    ///   - total: Number of all items, at least that of `certainties`; the others count as not answered.
    ///   - thresholds: Confidences, 0…1.
    /// - Returns: One point per threshold.
    package static func abstention(
        _ certainties: [Certainty],
        total: Int,
        thresholds: [Double]
    ) -> [AbstentionPoint] {
        thresholds.map { threshold in
            let kept = certainties.filter { $0.confidence >= threshold }
            let right = kept.count(where: \.isRight)
            return AbstentionPoint(
                threshold: threshold,
                answered: total > 0 ? Double(kept.count) / Double(total) : 0,
                accuracy: kept.isEmpty ? nil : Double(right) / Double(kept.count)
            )
        }
    }

    /// The mean; NaN without values.
    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The standard deviation with n - 1 in the denominator; nil for fewer than two values.
    static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// The value below which a part of the values lies, interpolated linearly as NumPy does.
    ///
    /// - Precondition: There is at least one value.
    static func percentile(_ values: [Double], _ part: Double) -> Double {
        let sorted = values.sorted()
        let place = part * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}

/// How sure an answer was and whether it was right.
package struct Certainty: Hashable, Sendable {
    /// The highest probability, 0…1.
    package var confidence: Double
    /// Whether the class with that probability is the right one.
    package var isRight: Bool

    /// Creates a certainty.
    package init(confidence: Double, isRight: Bool) {
        self.confidence = confidence
        self.isRight = isRight
    }
}

/// Answers of about the same confidence.
package struct ReliabilityBin: Hashable, Sendable, Codable {
    /// Their mean confidence, 0…1.
    package var confidence: Double
    /// Part of them that is right, 0…1.
    package var accuracy: Double
    /// Their number.
    package var count: Int

    /// Creates a bin.
    package init(confidence: Double, accuracy: Double, count: Int) {
        self.confidence = confidence
        self.accuracy = accuracy
        self.count = count
    }
}

/// What answering only from a confidence on brings.
package struct AbstentionPoint: Hashable, Sendable, Codable {
    /// The confidence from which on answers count.
    package var threshold: Double
    /// Part of all items that is answered, 0…1.
    package var answered: Double
    /// Part of the answers that is right, 0…1; nil where nothing is answered.
    package var accuracy: Double?

    /// Creates a point.
    package init(threshold: Double, answered: Double, accuracy: Double?) {
        self.threshold = threshold
        self.answered = answered
        self.accuracy = accuracy
    }
}
