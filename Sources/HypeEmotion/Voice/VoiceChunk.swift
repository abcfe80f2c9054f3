package import HypeCore

/// What was measured in 32 ms of sound.
package struct VoiceChunk: Hashable, Sendable {
    /// Where the chunk lies.
    package var interval: MediaInterval
    /// Probability that it is speech, 0…1.
    package var probability: Float
    /// Whether somebody is speaking, after hysteresis.
    package var isSpeech: Bool
    /// Mean of the squared samples.
    package var meanSquare: Double
    /// Pitch in Hz, or nil where the chunk is unvoiced.
    package var pitch: Double?
    /// Energy between 50 and 1000 Hz, in any unit that ``highEnergy`` shares.
    package var lowEnergy: Double
    /// Energy between 1000 and 5000 Hz.
    package var highEnergy: Double

    /// Creates a chunk.
    package init(
        interval: MediaInterval,
        probability: Float,
        isSpeech: Bool,
        meanSquare: Double,
        pitch: Double? = nil,
        lowEnergy: Double = 0,
        highEnergy: Double = 0
    ) {
        self.interval = interval
        self.probability = probability
        self.isSpeech = isSpeech
        self.meanSquare = meanSquare
        self.pitch = pitch
        self.lowEnergy = lowEnergy
        self.highEnergy = highEnergy
    }
}
