import Foundation

/// Probabilities of logits.
enum Softmax {
    /// Shifted by the highest logit, so that nothing overflows.
    static func probabilities(of logits: [Float]) -> [Float] {
        let highest = logits.max() ?? 0
        let powers = logits.map { exp($0 - highest) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }
}
