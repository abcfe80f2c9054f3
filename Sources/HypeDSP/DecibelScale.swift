import Foundation
package import HypeCore

/// Converts power to decibels.
///
/// Equals `librosa.power_to_db` of librosa 0.11, whose range reaches down from the loudest value of all: so the greatest
/// power must be known beforehand.
package struct DecibelScale: Sendable, Hashable {
    /// The least power that is told apart from silence (librosa's `amin`).
    package static let floor: Float = 1e-10

    /// The level of the reference above a power of 1, in dB.
    private let zero: Float
    /// The lowest level that comes out, in dB.
    package let lowest: Float
    /// The highest level that comes out, in dB.
    package let highest: Float

    /// Creates a scale.
    ///
    /// - Parameters:
    ///   - reference: The power that has 0 dB.
    ///   - range: How far below the loudest value others may lie, in dB; nil for as far as they do.
    ///   - greatest: The greatest power that will be converted, at least 0.
    package init(reference: FeatureSettings.Reference, range: Double?, greatest: Float) {
        let zero =
            switch reference {
            case .greatest: Self.level(of: greatest)
            case .power(let power): Self.level(of: Float(power))
            }
        let highest = Self.level(of: greatest) - zero
        let silence = Self.level(of: 0) - zero
        self.zero = zero
        self.highest = highest
        lowest = range.map { max(silence, highest - Float($0)) } ?? silence
    }

    /// The level of a power in dB.
    package func decibels(of power: Float) -> Float { max(Self.level(of: power) - zero, lowest) }

    private static func level(of power: Float) -> Float { 10 * log10(max(power, floor)) }
}
