/// A short-time Fourier transform: the power spectrum of overlapping Hann-windowed frames.
///
/// Frame `i` covers samples `i * hop ..< i * hop + frameLength`; nothing is centred or padded (librosa's
/// `center=False`). A window that is shorter than the frame lies in its middle, with zeros on both sides.
package final class STFT {
    /// Samples per frame.
    package let frameLength: Int
    /// Samples from the start of one frame to the start of the next.
    package let hop: Int
    /// Number of bins of a frame's spectrum.
    package var binCount: Int { transform.binCount }

    private let transform: RealFFT
    private let window: [Float]
    /// Samples of a frame before the window.
    ///
    /// They are zeros, and moving a signal does not change its power spectrum, so they need not be transformed.
    private let lead: Int

    /// Prepares the transform.
    ///
    /// - Parameters:
    ///   - frameLength: Samples per frame; even, 4…65,536.
    ///   - hop: Samples between frame starts, at least 1.
    ///   - windowLength: Samples under the window, 1…`frameLength`; nil for all of the frame.
    /// - Throws: ``DSPError`` with code `.invalidSetting` or `.transformUnavailable`.
    package init(frameLength: Int, hop: Int, windowLength: Int? = nil) throws {
        let windowLength = windowLength ?? frameLength
        guard hop >= 1 else { throw DSPError(.invalidSetting, "a hop of \(hop) samples never ends; use 1 or more") }
        guard windowLength >= 1, windowLength <= frameLength else {
            throw DSPError(
                .invalidSetting,
                "a window of \(windowLength) samples does not fit a frame of \(frameLength); use 1…\(frameLength)"
            )
        }
        self.frameLength = frameLength
        self.hop = hop
        transform = try RealFFT(count: frameLength)
        window = Window.hann(count: windowLength)
        lead = (frameLength - windowLength) / 2
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
        transform.power(of: samples, at: offset + lead, window: window, into: &power)
    }
}
