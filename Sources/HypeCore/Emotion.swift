/// The emotions that models name, in the order of their output vectors.
///
/// The first seven are the basic classes used in every document. `calm` exists in RAVDESS and so in the voice model; in
/// seven-class results it counts as `neutral` (see ``EmotionScores/basic``).
package enum Emotion: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case angry, disgust, fear, happy, sad, surprise, neutral, calm

    /// The seven classes of the public result, in output order.
    package static let basic: [Emotion] = [.angry, .disgust, .fear, .happy, .sad, .surprise, .neutral]

    /// Reads a label, accepting the synonyms that data sets use.
    ///
    /// - Parameter label: A name or a data set's code in any case, such as `fearful`, `ANG` or `happiness`.
    package init?(label: String) {
        switch label.lowercased() {
        case "angry", "anger", "ang", "mad": self = .angry
        case "disgust", "disgusted", "dis": self = .disgust
        case "fear", "fearful", "fea", "scared": self = .fear
        case "happy", "happiness", "hap", "joy", "joyful": self = .happy
        case "sad", "sadness": self = .sad
        case "surprise", "surprised", "sur", "ps", "pleasant_surprise": self = .surprise
        case "neutral", "neu": self = .neutral
        case "calm", "calmness": self = .calm
        default: return nil
        }
    }
}

/// A probability for each emotion.
///
/// Scores lie in 0…1 and sum to 1 (not percent, as some libraries report).
package struct EmotionScores: Hashable, Sendable {
    private var values: [Float]

    /// Creates scores from a model's output.
    ///
    /// - Parameter probabilities: One number per emotion in ``Emotion`` order. Shape `[7]` or `[8]`; others count as 0.
    package init(probabilities: some Sequence<Float>) {
        values = Array(probabilities.prefix(Emotion.allCases.count))
        values += Array(repeating: 0, count: Emotion.allCases.count - values.count)
    }

    /// Creates scores from named probabilities; what is not named is 0.
    package init(_ named: [Emotion: Float]) {
        values = Emotion.allCases.map { named[$0] ?? 0 }
    }

    /// The probability of one emotion, 0…1.
    package subscript(_ emotion: Emotion) -> Float {
        get { values[emotion.index] }
        set { values[emotion.index] = newValue }
    }

    /// The emotion with the highest probability; the earlier one in ``Emotion`` order at a tie.
    package var dominant: Emotion {
        Emotion.allCases.reduce(.angry) { self[$1] > self[$0] ? $1 : $0 }
    }

    /// The same scores with `calm` counted as `neutral`.
    package var basic: EmotionScores {
        var folded = self
        folded[.neutral] += folded[.calm]
        folded[.calm] = 0
        return folded
    }

    /// The mean of several scores, weighted; nil where the weights do not add up to more than zero.
    ///
    /// - Parameter weighted: Scores with weights of at least 0.
    /// - Returns: The weighted mean, which sums to 1 where its parts do.
    package static func mean(_ weighted: [(scores: EmotionScores, weight: Float)]) -> EmotionScores? {
        var sum = [Float](repeating: 0, count: Emotion.allCases.count)
        var total: Float = 0
        for (scores, weight) in weighted where weight > 0 {
            total += weight
            for index in sum.indices { sum[index] += weight * scores.values[index] }
        }
        return total > 0 ? EmotionScores(probabilities: sum.map { $0 / total }) : nil
    }
}

extension EmotionScores: Codable {
    /// Reads an object of emotion names to probabilities.
    package init(from decoder: any Decoder) throws {
        self.init(try [Emotion: Float](from: decoder))
    }

    /// Writes an object of emotion names to probabilities; `calm` only where it is not 0.
    package func encode(to encoder: any Encoder) throws {
        let named = Emotion.allCases.filter { $0 != .calm || self[$0] > 0 }.map { ($0, self[$0]) }
        try Dictionary(uniqueKeysWithValues: named).encode(to: encoder)
    }
}

extension Emotion {
    /// Position in a model's output vector.
    package var index: Int {
        switch self {
        case .angry: 0
        case .disgust: 1
        case .fear: 2
        case .happy: 3
        case .sad: 4
        case .surprise: 5
        case .neutral: 6
        case .calm: 7
        }
    }
}
