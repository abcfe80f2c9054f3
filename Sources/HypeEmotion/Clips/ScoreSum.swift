package import HypeCore

/// A weighted mean of scores that is taken in one by one.
package struct ScoreSum: Hashable, Sendable {
    private var sum = [Double](repeating: 0, count: Emotion.allCases.count)
    private var vector: [Double] = []
    /// Sum of the weights, at least 0.
    package private(set) var weight = 0.0

    /// Creates a mean of nothing.
    package init() {}

    /// Takes scores in.
    ///
    /// - Parameters:
    ///   - scores: Probabilities.
    ///   - embedding: What the net told them from, as long each time; empty where it does not say.
    ///   - weight: How much they count; nothing where it is not above 0.
    package mutating func add(_ scores: EmotionScores, embedding: [Float] = [], weight: Double) {
        guard weight > 0 else { return }
        self.weight += weight
        for emotion in Emotion.allCases { sum[emotion.index] += weight * Double(scores[emotion]) }
        if vector.isEmpty { vector = [Double](repeating: 0, count: embedding.count) }
        for (index, value) in embedding.prefix(vector.count).enumerated() { vector[index] += weight * Double(value) }
    }

    /// The mean; nil where nothing was taken in.
    package var mean: EmotionScores? {
        weight > 0 ? EmotionScores(probabilities: sum.map { Float($0 / weight) }) : nil
    }

    /// The mean of the embeddings; empty where there were none.
    package var embedding: [Float] { weight > 0 ? vector.map { Float($0 / weight) } : [] }
}
