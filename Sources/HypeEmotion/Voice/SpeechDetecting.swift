/// Tells speech from other sound, chunk by chunk, remembering what came before.
package protocol SpeechDetecting {
    /// Takes the next chunk.
    ///
    /// - Parameter chunk: Mono PCM in [-1, 1] at 16 kHz that continues the chunk before. Shape `[512]` (32 ms).
    /// - Returns: Probability that the chunk is speech, 0…1.
    /// - Throws: What running a model throws.
    func probability(of chunk: [Float]) throws -> Float

    /// Forgets what came before, as at a break in the sound.
    func reset()
}
