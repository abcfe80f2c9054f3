import HypeCore
import HypeDSP

/// Measures pitch and spectrum of chunks.
final class VoiceMeter {
    private let pitch: Pitch
    private let spectrum: STFT
    private var power: [Float] = []

    /// Bins of 31.25 Hz that make the low band, 50…1000 Hz, of the eGeMAPS alpha ratio (Eyben et al., 2016).
    private static let lowBins = 2..<32
    /// Bins of the high band, 1000…5000 Hz.
    private static let highBins = 32..<160
    /// Softer sound is not searched for a pitch: -70 dBFS.
    private static let audible = 1e-7

    init() throws {
        pitch = try Pitch()
        spectrum = try STFT(frameLength: VoiceActivity.chunkLength, hop: VoiceActivity.chunkLength)
    }

    /// What one chunk measures.
    struct Measurement {
        var meanSquare: Double
        var pitch: Double?
        var lowEnergy: Double
        var highEnergy: Double
    }

    /// Measures a chunk.
    ///
    /// - Parameters:
    ///   - samples: Sound that contains the chunk.
    ///   - offset: Position of the chunk's first sample. Pitch also looks at some samples before it, where there are any.
    /// - Returns: The measurement.
    func measure(_ samples: [Float], at offset: Int) -> Measurement {
        let end = offset + VoiceActivity.chunkLength
        let meanSquare = Loudness.meanSquare(of: samples[offset..<end])
        guard meanSquare > Self.audible else {
            return Measurement(meanSquare: meanSquare, pitch: nil, lowEnergy: 0, highEnergy: 0)
        }
        spectrum.power(of: samples, at: offset, into: &power)
        let first = end - pitch.sampleCount
        return Measurement(
            meanSquare: meanSquare,
            pitch: first >= 0 ? pitch.estimate(of: samples, at: first)?.frequency : nil,
            lowEnergy: Double(power[Self.lowBins].reduce(0, +)),
            highEnergy: Double(power[Self.highBins].reduce(0, +))
        )
    }
}
