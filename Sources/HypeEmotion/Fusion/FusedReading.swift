package import HypeCore

/// What both branches say together.
package struct FusedReading: Sendable {
    /// Calibrated probabilities of the seven basic emotions.
    package var scores: EmotionScores
    /// Confidence below which the answer abstains, 0…1.
    package var threshold: Float
    /// How much each branch counted, 0…1; they sum to 1.
    package var shares: (face: Float, voice: Float)

    /// Creates a reading.
    package init(scores: EmotionScores, threshold: Float, shares: (face: Float, voice: Float)) {
        self.scores = scores
        self.threshold = threshold
        self.shares = shares
    }

    /// Whether the answer is too uncertain to be given.
    package var abstains: Bool { scores[scores.dominant] < threshold }
}
