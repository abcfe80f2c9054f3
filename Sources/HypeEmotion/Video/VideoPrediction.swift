package import HypeCore

/// What a video model says about a clip.
package struct VideoPrediction: Hashable, Sendable {
    /// A class and how probable it is.
    package struct Answer: Hashable, Sendable {
        /// Name of the class.
        package let label: String
        /// Its probability, 0…1.
        package let probability: Float
    }

    /// Probabilities of all classes, in the model's order.
    ///
    /// They sum to 1. Shape `[classes]`.
    package let probabilities: [Float]
    /// What the last layer saw: the normalised mean of all tokens.
    ///
    /// Shape `[width]`, such as 384 for ViT-S.
    package let embedding: [Float]
    /// Probabilities of the emotions; nil for a model whose classes are actions.
    package let emotion: EmotionScores?
    /// Whether the first answer is probable enough to be given.
    package let isSure: Bool

    private let labels: [String]

    /// Makes a prediction of a net's output.
    ///
    /// - Parameters:
    ///   - logits: Shape `[classes]`.
    ///   - embedding: Shape `[width]`.
    ///   - description: What the classes are.
    init(logits: [Float], embedding: [Float], description: VideoModelDescription) {
        probabilities = Softmax.probabilities(of: logits)
        self.embedding = embedding
        labels = description.labels
        isSure = (probabilities.max() ?? 0) >= description.threshold
        guard description.head == .emotions else {
            emotion = nil
            return
        }
        var scores = EmotionScores([:])
        for (label, probability) in zip(description.labels, probabilities) {
            if let emotion = Emotion(label: label) { scores[emotion] += probability }
        }
        emotion = scores
    }

    /// The most probable classes.
    ///
    /// - Parameter count: How many at most.
    /// - Returns: The most probable first; of equal ones the one with the lower number.
    package func top(_ count: Int) -> [Answer] {
        probabilities.indices
            .sorted { (probabilities[$0], -$0) > (probabilities[$1], -$1) }
            .prefix(max(0, count))
            .map { Answer(label: labels[$0], probability: probabilities[$0]) }
    }
}
