package import HypeCore

/// What one branch, face or voice, says about a stretch.
package struct BranchReading: Hashable, Sendable {
    /// Calibrated probabilities of the branch; `calm` counts as `neutral` (see ``HypeCore/EmotionScores/basic``).
    package var scores: EmotionScores
    /// What the last linear layer of the branch's net read; empty where nobody asked for it, for only early fusion needs it.
    ///
    /// Shape `[160]` of the shipped face net, `[384]` of the shipped voice net.
    package var embedding: [Float]
    /// Confidence below which the branch abstains, 0…1.
    package var threshold: Float

    /// Creates a reading.
    package init(scores: EmotionScores, embedding: [Float] = [], threshold: Float) {
        self.scores = scores
        self.embedding = embedding
        self.threshold = threshold
    }

    /// Whether the branch is sure enough to answer alone.
    package var isSure: Bool {
        let basic = scores.basic
        return basic[basic.dominant] >= threshold
    }

    /// One reading for several of the same branch, such as the pictures of a stretch: the mean of scores and embeddings.
    ///
    /// - Parameter readings: Readings with embeddings of one length, or without. The first one's threshold is kept.
    /// - Returns: The mean; nil of none.
    package static func mean(of readings: [BranchReading]) -> BranchReading? {
        guard let first = readings.first, let scores = EmotionScores.mean(readings.map { ($0.scores, 1) }) else {
            return nil
        }
        var embedding = [Float](repeating: 0, count: first.embedding.count)
        guard readings.allSatisfy({ $0.embedding.count == embedding.count }) else {
            return BranchReading(scores: scores, threshold: first.threshold)
        }
        for reading in readings {
            for index in embedding.indices { embedding[index] += reading.embedding[index] / Float(readings.count) }
        }
        return BranchReading(scores: scores, embedding: embedding, threshold: first.threshold)
    }
}
