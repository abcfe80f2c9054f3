import CFFmpeg
import Foundation

/// Cleans a voice: takes out rumble, hiss and hum, and what is between words.
///
/// A high-pass at 80 Hz, FFmpeg's spectral noise reduction with a noise floor that it tracks, and a gate that lowers
/// what stays far below speech by 12 dB. What the chain delays is measured when it is built, so that its output lies
/// where its input did; FFmpeg's releases differ in that. Belongs to one thread.
package final class VoiceFilter {
    /// FFmpeg's words for the chain.
    static let chain =
        "highpass=f=80:p=2,afftdn=nr=14:nf=-50:tn=1,"
        + "agate=threshold=0.006:ratio=3:range=0.25:attack=8:release=220:detection=rms,"
        + "aformat=sample_fmts=flt:channel_layouts=mono"

    private let graph: FilterGraph
    private var surplus: Int

    /// Builds the chain.
    ///
    /// - Throws: ``CaptureFailure`` with code `.noLibrary` where libavfilter or one of the filters is missing.
    package init() throws(CaptureFailure) {
        surplus = try Self.delay()
        graph = try FilterGraph(Self.chain, rate: SoundMixer.rate)
    }

    /// Samples by which the chain delays sound.
    package static func delay() throws(CaptureFailure) -> Int {
        let graph = try FilterGraph(chain, rate: SoundMixer.rate)
        let (silence, burst) = (9600, 4800)
        let probe = (0..<48_000).map { index -> Float in
            guard (silence..<silence + burst).contains(index) else { return 0 }
            return 0.5 * Float(sin(Double(index - silence) * 2 * .pi * 1000 / 48_000))
        }
        var output: [Float] = []
        for start in stride(from: 0, to: probe.count, by: SoundMixer.blockSize) {
            output += graph.filter(Array(probe[start..<min(probe.count, start + SoundMixer.blockSize)]))
        }
        return max(0, Int((centre(output) - centre(probe)).rounded()))
    }

    /// Cleans samples.
    ///
    /// - Parameter samples: Mono PCM in [-1, 1] at ``SoundMixer/rate``.
    /// - Returns: The clean samples that are ready: the first of all calls belongs to the first sample of all calls.
    package func clean(_ samples: [Float]) -> [Float] {
        let output = graph.filter(samples)
        guard surplus > 0 else { return output }
        let dropped = min(surplus, output.count)
        surplus -= dropped
        return Array(output[dropped...])
    }

    /// The middle of the energy, in samples.
    private static func centre(_ samples: [Float]) -> Double {
        var energy = 0.0
        var moment = 0.0
        for (index, sample) in samples.enumerated() {
            let power = Double(sample * sample)
            energy += power
            moment += power * Double(index)
        }
        return energy > 0 ? moment / energy : 0
    }
}
