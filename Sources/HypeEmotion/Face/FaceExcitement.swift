package import HypeCore

/// How exciting an expression is, on the detectors' common scale where 0.5 is the alarm threshold.
///
/// First the arousal of the expression: `Σ weight(e) · p(e)` over the seven basic emotions, 0…1. The weights follow the
/// arousal axis of Russell's circumplex (surprise, fear, anger and joy high, sadness and neutrality low), with joy as
/// high as surprise because laughing is what clips are about, and fear and anger lower because the model takes talking
/// mouths and stern faces for them now and then (GRID speakers, our own look at 2026-11-21). Then a scale of two straight pieces that puts the
/// threshold at 0.5 and 1 at 1:
/// `arousal < threshold ? 0.5 · arousal / threshold : 0.5 + 0.5 · (arousal - threshold) / (1 - threshold)`.
///
/// The card of the net, `Models/face-expression.md`, shows what this measure says about each labelled class, and
/// `Training/hypetrain/face/excitement.py` holds the same numbers; a test there keeps the two equal.
///
/// A face that always looks somewhat angry or always smiles must not alarm all the time, so the threshold rises with the
/// ordinary arousal of this face where it is known: `max(0.45, min(0.8, ordinary + 0.25))`.
package struct FaceExcitement: Hashable, Sendable {
    /// Weight of each emotion in the arousal, 0…1, in ``Emotion/basic`` order.
    ///
    /// Angry, disgust, fear, happy, sad, surprise, neutral.
    package static let weights: [Float] = [0.75, 0.35, 0.7, 1, 0.1, 1, 0]
    /// Lowest arousal that raises an alarm.
    package static let lowestThreshold = 0.45
    /// Highest arousal that is asked for, however lively a face ordinarily is.
    package static let highestThreshold = 0.8
    /// What an alarm must exceed the ordinary arousal by.
    package static let margin = 0.25

    /// The arousal at which the score is 0.5.
    package let threshold: Double

    /// Creates the scale for one face.
    ///
    /// - Parameter ordinary: Ordinary arousal of this face, 0…1; nil where it is not known.
    package init(ordinary: Double? = nil) {
        threshold = max(Self.lowestThreshold, min(Self.highestThreshold, (ordinary ?? 0) + Self.margin))
    }

    /// The arousal of an expression, 0…1.
    package static func arousal(of emotion: EmotionScores) -> Double {
        let basic = emotion.basic
        return Double(zip(Emotion.basic, weights).reduce(0) { $0 + basic[$1.0] * $1.1 })
    }

    /// The score of an expression, 0…1.
    package func score(of emotion: EmotionScores) -> Double {
        let arousal = min(1, max(0, Self.arousal(of: emotion)))
        return arousal < threshold
            ? 0.5 * arousal / threshold
            : 0.5 + 0.5 * (arousal - threshold) / (1 - threshold)
    }
}
