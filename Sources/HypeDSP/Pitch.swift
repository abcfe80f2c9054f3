/// The pitch of one frame.
package struct PitchEstimate: Sendable, Hashable {
    /// Fundamental frequency in Hz.
    package let frequency: Double
    /// How far the frame is from being periodic, 0 (a pure tone) …; see ``Pitch/voicingThreshold``.
    package let aperiodicity: Double
}

/// Estimates the pitch of voice.
///
/// YIN (de Cheveigné and Kawahara, JASA 111(4), 2002) with the difference function by Fourier transform and parabolic
/// interpolation of the period. A frame is voiced where the normalised difference has a dip below the threshold.
package final class Pitch {
    /// Range of pitches that are found in Hz: from a low male voice to a scream.
    package static let frequencies = 70.0...1000.0
    /// Greatest aperiodicity of a voiced frame.
    ///
    /// YIN's authors use 0.1 for clean speech; noise and game sound under the voice raise the dips.
    package static let voicingThreshold = 0.2
    /// Samples that an estimate looks at: the frame (32 ms) and the longest period (14 ms) after it.
    package let sampleCount: Int

    private static let frameLength = 512
    private let shortestPeriod: Int
    private let longestPeriod: Int
    private let transform: RealFFT
    private let frameWindow: [Float]
    private let wholeWindow: [Float]
    private var frameSpectrum: [Float] = []
    private var wholeSpectrum: [Float] = []
    private var correlation: [Float] = []
    private var difference: [Float]

    /// Prepares the estimator for 16 kHz sound.
    ///
    /// - Throws: ``DSPError`` with code `.transformUnavailable`.
    package init() throws {
        let rate = Double(16_000)
        shortestPeriod = Int(rate / Self.frequencies.upperBound)
        longestPeriod = Int((rate / Self.frequencies.lowerBound).rounded(.up))
        sampleCount = Self.frameLength + longestPeriod + 1
        transform = try RealFFT(count: 1024)
        frameWindow = Window.rectangle(count: Self.frameLength)
        wholeWindow = Window.rectangle(count: sampleCount)
        difference = [Float](repeating: 0, count: longestPeriod + 2)
    }

    /// Estimates the pitch of a frame.
    ///
    /// - Parameters:
    ///   - samples: Mono PCM at 16 kHz.
    ///   - offset: Position of the first of ``sampleCount`` samples; they must lie inside `samples`.
    /// - Returns: The pitch, or nil where the frame is unvoiced or silent.
    package func estimate(of samples: [Float], at offset: Int) -> PitchEstimate? {
        guard computeDifference(of: samples, at: offset) else { return nil }
        guard let period = firstDip() else { return nil }
        let aperiodicity = Double(difference[period])
        return PitchEstimate(frequency: 16_000 / refined(period), aperiodicity: max(0, aperiodicity))
    }

    /// Fills ``difference`` with YIN's cumulative-mean-normalised difference; false for silence.
    private func computeDifference(of samples: [Float], at offset: Int) -> Bool {
        transform.spectrum(of: samples, at: offset, window: frameWindow, into: &frameSpectrum)
        transform.spectrum(of: samples, at: offset, window: wholeWindow, into: &wholeSpectrum)
        // Cross-correlation of the frame with what follows it: conj(frame) * whole.
        for bin in 0..<transform.binCount {
            let (ar, ai) = (frameSpectrum[2 * bin], frameSpectrum[2 * bin + 1])
            let (br, bi) = (wholeSpectrum[2 * bin], wholeSpectrum[2 * bin + 1])
            wholeSpectrum[2 * bin] = ar * br + ai * bi
            wholeSpectrum[2 * bin + 1] = ar * bi - ai * br
        }
        transform.samples(from: wholeSpectrum, into: &correlation)
        let frameEnergy = correlation[0]
        guard frameEnergy > 1e-6 else { return false }
        var movingEnergy = frameEnergy
        var sum: Float = 0
        difference[0] = 1
        for lag in 1...longestPeriod + 1 {
            let leaving = samples[offset + lag - 1]
            let entering = samples[offset + lag - 1 + Self.frameLength]
            movingEnergy += entering * entering - leaving * leaving
            let raw = max(0, frameEnergy + movingEnergy - 2 * correlation[lag])
            sum += raw
            difference[lag] = sum > 0 ? raw * Float(lag) / sum : 1
        }
        return true
    }

    /// The bottom of the first dip below the threshold.
    private func firstDip() -> Int? {
        var lag = shortestPeriod
        while lag <= longestPeriod {
            if difference[lag] < Float(Self.voicingThreshold) {
                while lag < longestPeriod, difference[lag + 1] < difference[lag] { lag += 1 }
                return lag
            }
            lag += 1
        }
        return nil
    }

    /// The period in samples at the bottom of the parabola through three neighbours.
    private func refined(_ period: Int) -> Double {
        let (left, centre, right) = (difference[period - 1], difference[period], difference[period + 1])
        let curvature = left - 2 * centre + right
        guard curvature > 0 else { return Double(period) }
        return Double(period) + Double(min(max((left - right) / (2 * curvature), -1), 1))
    }
}
