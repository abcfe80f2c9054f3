import CFFmpeg

/// A Fourier transform of real samples, of fixed length.
///
/// Owns an FFmpeg `av_tx` context (`AV_TX_FLOAT_RDFT`) and its two aligned buffers; neither ever leaves this type. One
/// instance serves one task at a time and allocates nothing after `init`.
package final class RealFFT {
    /// Number of real samples per transform.
    package let count: Int
    /// Number of complex bins per transform: bins 0 (DC) … `count / 2` (Nyquist).
    package let binCount: Int

    private var forwardContext: OpaquePointer?
    private var inverseContext: OpaquePointer?
    private let forwardTransform: av_tx_fn
    private let inverseTransform: av_tx_fn
    private let real: UnsafeMutableBufferPointer<Float>
    private let complex: UnsafeMutableBufferPointer<Float>

    /// Prepares a transform.
    ///
    /// - Parameter count: Number of real samples; even, 4…65,536, best a power of two.
    /// - Throws: ``DSPError`` with code `.invalidSetting` or `.transformUnavailable`.
    package init(count: Int) throws {
        guard (4...65_536).contains(count), count.isMultiple(of: 2) else {
            throw DSPError(.invalidSetting, "a transform of \(count) samples is not supported; use an even 4…65536")
        }
        var forwardContext: OpaquePointer?
        var inverseContext: OpaquePointer?
        var forwardTransform: av_tx_fn?
        var inverseTransform: av_tx_fn?
        // FFmpeg scales the inverse by this; 1/N makes it undo the forward transform.
        var unit: Float = 1
        var inverseScale = 1 / Float(count)
        let length = Int32(count)
        let forwardStatus = av_tx_init(&forwardContext, &forwardTransform, AV_TX_FLOAT_RDFT, 0, length, &unit, 0)
        let inverseStatus = av_tx_init(
            &inverseContext,
            &inverseTransform,
            AV_TX_FLOAT_RDFT,
            1,
            length,
            &inverseScale,
            0
        )
        let binCount = count / 2 + 1
        // Two more floats than FFmpeg asks for, so that a kernel that writes whole vectors has room.
        let real = Self.allocate(count + 16)
        let complex = Self.allocate(2 * binCount + 16)
        guard forwardStatus >= 0, inverseStatus >= 0, let forwardTransform, let inverseTransform, let real, let complex
        else {
            av_tx_uninit(&forwardContext)
            av_tx_uninit(&inverseContext)
            av_free(real?.baseAddress)
            av_free(complex?.baseAddress)
            throw DSPError(
                .transformUnavailable,
                "FFmpeg cannot transform \(count) samples (status \(forwardStatus), \(inverseStatus)); "
                    + "install FFmpeg 5.1 or later"
            )
        }
        self.count = count
        self.binCount = binCount
        self.forwardContext = forwardContext
        self.inverseContext = inverseContext
        self.forwardTransform = forwardTransform
        self.inverseTransform = inverseTransform
        self.real = real
        self.complex = complex
    }

    deinit {
        av_tx_uninit(&forwardContext)
        av_tx_uninit(&inverseContext)
        av_free(real.baseAddress)
        av_free(complex.baseAddress)
    }

    /// Computes the power spectrum |X|² of a stretch of samples.
    ///
    /// - Parameters:
    ///   - samples: Where the stretch lies.
    ///   - offset: Position of its first sample; the stretch must lie inside `samples`.
    ///   - window: Factor per sample; what `count` has beyond it is filled with zeros. Shape `[1...count]`.
    ///   - power: Receives the power of each bin; is resized where needed. Shape `[binCount]`.
    package func power(of samples: [Float], at offset: Int, window: [Float], into power: inout [Float]) {
        load(samples, at: offset, window: window)
        forwardTransform(forwardContext, complex.baseAddress, real.baseAddress, MemoryLayout<Float>.stride)
        if power.count != binCount { power = [Float](repeating: 0, count: binCount) }
        power.withUnsafeMutableBufferPointer { power in
            for bin in 0..<binCount {
                let re = complex[2 * bin]
                let im = complex[2 * bin + 1]
                power[bin] = re * re + im * im
            }
        }
    }

    /// Computes the complex spectrum of a stretch of samples.
    ///
    /// - Parameters:
    ///   - samples: Where the stretch lies.
    ///   - offset: Position of its first sample; the stretch must lie inside `samples`.
    ///   - window: Factor per sample; what `count` has beyond it is filled with zeros. Shape `[1...count]`.
    ///   - spectrum: Receives real and imaginary parts in turn; is resized where needed. Shape `[binCount, 2]`.
    package func spectrum(of samples: [Float], at offset: Int, window: [Float], into spectrum: inout [Float]) {
        load(samples, at: offset, window: window)
        forwardTransform(forwardContext, complex.baseAddress, real.baseAddress, MemoryLayout<Float>.stride)
        if spectrum.count != 2 * binCount { spectrum = [Float](repeating: 0, count: 2 * binCount) }
        spectrum.withUnsafeMutableBufferPointer { spectrum in
            for index in 0..<2 * binCount { spectrum[index] = complex[index] }
        }
    }

    /// Computes the samples that a spectrum describes: the inverse of ``spectrum(of:at:window:into:)``.
    ///
    /// - Parameters:
    ///   - spectrum: Real and imaginary parts in turn. Shape `[binCount, 2]`.
    ///   - samples: Receives the samples; is resized where needed. Shape `[count]`.
    package func samples(from spectrum: [Float], into samples: inout [Float]) {
        precondition(spectrum.count == 2 * binCount, "a spectrum has two numbers per bin")
        spectrum.withUnsafeBufferPointer { spectrum in
            for index in 0..<2 * binCount { complex[index] = spectrum[index] }
        }
        inverseTransform(inverseContext, real.baseAddress, complex.baseAddress, MemoryLayout<Float>.stride)
        if samples.count != count { samples = [Float](repeating: 0, count: count) }
        samples.withUnsafeMutableBufferPointer { samples in
            for index in 0..<count { samples[index] = real[index] }
        }
    }

    private func load(_ samples: [Float], at offset: Int, window: [Float]) {
        precondition(window.count <= count, "a window is no longer than the transform")
        precondition(offset >= 0 && offset + window.count <= samples.count, "the stretch lies inside the samples")
        samples.withUnsafeBufferPointer { samples in
            window.withUnsafeBufferPointer { window in
                for index in 0..<window.count { real[index] = samples[offset + index] * window[index] }
            }
        }
        for index in window.count..<count { real[index] = 0 }
    }

    private static func allocate(_ floats: Int) -> UnsafeMutableBufferPointer<Float>? {
        guard let memory = av_mallocz(floats * MemoryLayout<Float>.stride) else { return nil }
        return UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: floats), count: floats)
    }
}
