import Foundation
package import HypeCore

/// A log-linear opinion pool: a weighted product of probabilities, with a temperature and an offset for each emotion.
///
/// `log p(c) = (s · log f(c) + (1 − s) · log v(c)) / t + b(c)`, made 1 in sum. A share of 0 or 1 is one branch alone,
/// calibrated anew. `Training/hypetrain/fusion/late.py` fits the numbers; `Models/fusion.json` holds them.
package struct OpinionPool: Hashable, Sendable, Decodable {
    /// The two weights, which sum to 1.
    package struct Shares: Hashable, Sendable, Decodable {
        /// Weight of the face, 0…1.
        package let face: Double
        /// Weight of the voice, 0…1.
        package let voice: Double

        /// Creates weights.
        package init(face: Double, voice: Double) {
            self.face = face
            self.voice = voice
        }
    }

    /// Lowest probability that counts: one branch must not be able to forbid an emotion.
    package static let floor = 1e-4

    /// How much each branch counts.
    package let shares: Shares
    /// Divides the logarithms, above 0; below 1 the answer is surer than the branches.
    package let temperature: Double
    /// Added to the logarithms, in ``HypeCore/Emotion/basic`` order, shape `[7]`.
    package let offsets: [Double]
    /// Confidence below which the answer abstains, 0…1.
    package let threshold: Double

    /// Creates a pool.
    package init(shares: Shares, temperature: Double, offsets: [Double], threshold: Double) {
        self.shares = shares
        self.temperature = temperature
        self.offsets = offsets
        self.threshold = threshold
    }

    /// Whether the numbers make sense: shares that sum to 1, a temperature above 0, seven finite offsets.
    package var isValid: Bool {
        let parts = [shares.face, shares.voice, threshold]
        return parts.allSatisfy((0...1).contains) && abs(shares.face + shares.voice - 1) < 1e-6
            && temperature > 0 && temperature.isFinite
            && offsets.count == Emotion.basic.count && offsets.allSatisfy(\.isFinite)
    }

    /// Joins the probabilities of both branches.
    ///
    /// - Parameters:
    ///   - face: Probabilities of the face; not looked at where its share is 0.
    ///   - voice: Probabilities of the voice; not looked at where its share is 0.
    /// - Returns: Probabilities of the seven basic emotions, which sum to 1.
    /// - Precondition: A branch with a share above 0 is there.
    package func scores(face: EmotionScores?, voice: EmotionScores?) -> EmotionScores {
        let parts = [(shares.face, face?.basic), (shares.voice, voice?.basic)].filter { $0.0 > 0 }
        let logs = Emotion.basic.enumerated().map { index, emotion in
            let mixed = parts.reduce(0.0) { sum, part in
                guard let scores = part.1 else { preconditionFailure("a branch that counts is missing") }
                return sum + part.0 * log(max(Self.floor, Double(scores[emotion])))
            }
            return mixed / temperature + offsets[index]
        }
        let highest = logs.max() ?? 0
        let powers = logs.map { exp($0 - highest) }
        let total = powers.reduce(0, +)
        return EmotionScores(probabilities: powers.map { Float($0 / total) })
    }
}
