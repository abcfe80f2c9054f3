import Foundation
import HypeDSP

/// How a voice sounds over a stretch of speech: the measures that rise with excitement.
package struct VoiceMeasure: Hashable, Sendable {
    /// Level of the voiced speech in dBFS.
    package var level: Double
    /// Median pitch in Hz, or nil where too little was voiced.
    package var pitch: Double?
    /// Energy above 1 kHz relative to that below, in dB (the alpha ratio); grows with vocal effort, whatever the gain.
    package var effort: Double

    /// Creates a measure.
    package init(level: Double, pitch: Double?, effort: Double) {
        self.level = level
        self.pitch = pitch
        self.effort = effort
    }

    /// Voiced chunks below which a measure says nothing (4 x 32 ms).
    package static let minimumVoicedChunks = 4

    /// Measures the chunks of a voice.
    ///
    /// Only voiced chunks count: an explosion in the game over calm words is not voiced. Nil where fewer than
    /// ``minimumVoicedChunks`` are.
    ///
    /// - Parameter chunks: Chunks in which somebody speaks or screams.
    package init?(of chunks: [VoiceChunk]) {
        let voiced = chunks.filter { $0.pitch != nil }
        guard voiced.count >= Self.minimumVoicedChunks else { return nil }
        let meanSquare = voiced.reduce(0) { $0 + $1.meanSquare } / Double(voiced.count)
        let pitches = voiced.compactMap(\.pitch).sorted()
        let low = voiced.reduce(0) { $0 + $1.lowEnergy }
        let high = voiced.reduce(0) { $0 + $1.highEnergy }
        level = Loudness.decibels(ofMeanSquare: meanSquare)
        pitch = pitches[pitches.count / 2]
        effort = 10 * log10(max(high, 1e-12) / max(low, 1e-12))
    }
}
