package import HypeCore

/// What a video model says about the clips of a film.
package struct VideoReading: Hashable, Sendable, Codable {
    /// A class and how probable it is.
    package struct Answer: Hashable, Sendable, Codable {
        /// Name of the class, such as `laughing` or `happy`.
        package var label: String
        /// Its probability, 0…1.
        package var probability: Double

        /// Creates an answer.
        package init(label: String, probability: Double) {
            self.label = label
            self.probability = probability
        }
    }

    /// One clip.
    package struct Clip: Hashable, Sendable, Codable {
        /// Where the clip lies.
        package var interval: MediaInterval
        /// The most probable classes, the likeliest first.
        package var answers: [Answer]
        /// Probabilities of the emotions; nil for a model whose classes are actions.
        package var emotion: EmotionScores?
        /// Whether the first answer is probable enough to be given.
        package var isSure: Bool

        /// Creates a clip.
        package init(interval: MediaInterval, answers: [Answer], emotion: EmotionScores?, isSure: Bool) {
            self.interval = interval
            self.answers = answers
            self.emotion = emotion
            self.isSure = isSure
        }
    }

    /// Name of the model in the catalogue.
    package var model: String
    /// The clips in order of time.
    package var clips: [Clip]

    /// Creates a reading.
    package init(model: String, clips: [Clip]) {
        self.model = model
        self.clips = clips
    }
}
