/// A short-time Fourier transform: the power spectrum of overlapping Hann-windowed frames.
///
/// Frame `i` covers samples `i * hop ..< i * hop + frameLength`; nothing is centred or padded (librosa's
/// `center=False`).
package final class STFT {
    /// Samples per frame.
    package let frameLength: Int
    /// Samples from the start of one frame to the start of the next.
    package let hop: Int
    /// Number of bins of a frame's spectrum.
    package var binCount: Int { transform.binCount }

    private let transform: RealFFT
    private let window: [Float]

    /// Prepares the transform.
    ///
    /// - Parameters:
    ///   - frameLength: Samples per frame; even, 4…65,536.
    ///   - hop: Samples between frame starts, at least 1.
    /// - Throws: ``DSPError`` with code `.invalidSetting` or `.transformUnavailable`.
    package init(frameLength: Int, hop: Int) throws {
        guard hop >= 1 else { throw DSPError(.invalidSetting, "a hop of \(hop) samples never ends; use 1 or more") }
        self.frameLength = frameLength
        self.hop = hop
        transform = try RealFFT(count: frameLength)
        window = Window.hann(count: frameLength)
    }

    /// The number of whole frames in a number of samples.
    package func frameCount(of sampleCount: Int) -> Int {
        sampleCount < frameLength ? 0 : (sampleCount - frameLength) / hop + 1
    }

    /// Computes the power spectrum of one frame.
    ///
    /// - Parameters:
    ///   - samples: Where the frame lies.
    ///   - offset: Position of its first sample; the frame must lie inside `samples`.
    ///   - power: Receives |X|² of each bin; is resized where needed. Shape `[binCount]`.
    package func power(of samples: [Float], at offset: Int, into power: inout [Float]) {
        transform.power(of: samples, at: offset, window: window, into: &power)
    }
}
