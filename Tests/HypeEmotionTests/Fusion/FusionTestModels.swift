import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// The shipped fusion and made-up readings for it.
enum FusionTestModels {
    /// Whether the trained fusion is in the repository.
    static let isThere = FaceTestModels.locator.optionalURL(of: .fusion) != nil

    /// The shipped fusion, loaded once.
    static let shipped = Result {
        try FusionModels(core: FaceTestModels.core.get(), models: FaceTestModels.locator)
    }

    /// A pool whose numbers are easy to reckon with.
    static func pool(
        face: Double,
        temperature: Double = 1,
        offsets: [Double] = Array(repeating: 0, count: 7),
        threshold: Double = 0.4
    ) -> OpinionPool {
        OpinionPool(
            shares: .init(face: face, voice: 1 - face),
            temperature: temperature,
            offsets: offsets,
            threshold: threshold
        )
    }

    /// A fusion that treats both branches alike.
    static let even = LateFusion(
        both: pool(face: 0.5, temperature: 0.5),
        face: pool(face: 1, threshold: 0.3),
        voice: pool(face: 0, threshold: 0.2)
    )
}

/// Readings from a fixed formula, the one of `hypetrain.fusion.parity`.
struct ReadingSource {
    private var state: UInt32

    init(seed: UInt32) { state = seed }

    mutating func next() -> Double {
        state = 1_664_525 &* state &+ 1_013_904_223
        return Double(state) / 2_147_483_648 - 1
    }

    /// A reading with as many emotions and as long an embedding (0…2) as asked for.
    mutating func reading(sharpness: Double, emotions: Int, width: Int, threshold: Double) -> BranchReading {
        let powers = (0..<emotions).map { _ in exp(sharpness * next()) }
        let total = powers.reduce(0, +)
        let embedding = (0..<width).map { _ in Float(next() + 1) }
        return BranchReading(
            scores: EmotionScores(probabilities: powers.map { Float($0 / total) }),
            embedding: embedding,
            threshold: Float(threshold)
        )
    }
}

extension EmotionScores {
    /// Sum over the seven basic emotions.
    var basicSum: Float { Emotion.basic.reduce(0) { $0 + self[$1] } }

    /// The largest difference to other scores.
    func distance(to other: EmotionScores) -> Float {
        Emotion.allCases.map { abs(self[$0] - other[$0]) }.max() ?? .infinity
    }
}

extension FusedReading {
    /// Shares of face and voice.
    var shareList: [Float] { [shares.face, shares.voice] }
}
