import Foundation
package import HypeCore

/// Energies per mel band of a stretch of sound, as power or on a logarithmic scale.
package struct MelSpectrogram: Sendable, Hashable {
    /// Number of bands.
    package let bandCount: Int
    /// Number of frames.
    package let frameCount: Int
    /// The energies, band-major with time fastest: the layout that the voice model takes.
    ///
    /// Shape `[bandCount, frameCount]`.
    package var values: [Float]

    /// Creates a spectrogram.
    ///
    /// - Precondition: `values` holds `bandCount * frameCount` energies.
    package init(bandCount: Int, frameCount: Int, values: [Float]) {
        precondition(values.count == bandCount * frameCount, "a spectrogram has one energy per band and frame")
        self.bandCount = bandCount
        self.frameCount = frameCount
        self.values = values
    }

    /// The energy of one band in one frame.
    package subscript(band: Int, frame: Int) -> Float { values[band * frameCount + frame] }
}

/// Log-mel energies of one frame.
package struct LogMelFrame: Sendable, Hashable {
    /// Presentation time of the frame's first sample.
    package let time: MediaTime
    /// Natural-log energies.
    ///
    /// Shape `[80]`.
    package let energies: [Float]
}

/// Converts mono PCM to log-mel energies, the front end of the voice model.
///
/// 16 kHz; frames of 512 samples under a periodic Hann window, 160 samples apart, neither centred nor padded; power
/// spectrum; 80 Slaney mel bands over 0…8000 Hz; natural log of at least 1e-10. Equals librosa 0.11
/// (`melspectrogram(sr=16000, n_fft=512, hop_length=160, center=False, n_mels=80)`), tolerance 1e-4 against
/// `Fixtures/logmel.json`, which `Scripts/fixtures/make_dsp_fixtures.py` writes.
package final class LogMel {
    /// Samples per frame.
    package static let frameLength = 512
    /// Samples from one frame's start to the next one's.
    package static let hop = 160
    /// Number of bands.
    package static let bandCount = 80
    /// The least energy that is told apart from silence; its logarithm is the lowest value that comes out.
    package static let floor: Float = 1e-10

    private let transform: STFT
    private let filters: MelFilterBank
    private var power: [Float] = []
    private var energies: [Float] = []

    /// Prepares the front end.
    ///
    /// - Throws: ``DSPError`` with code `.transformUnavailable`.
    package init() throws {
        transform = try STFT(frameLength: Self.frameLength, hop: Self.hop)
        filters = try MelFilterBank(
            sampleRate: AudioBlock.sampleRate,
            frameLength: Self.frameLength,
            bandCount: Self.bandCount,
            frequencies: 0...Double(AudioBlock.sampleRate) / 2
        )
    }

    /// Converts one frame.
    ///
    /// - Parameters:
    ///   - samples: Mono PCM in [-1, 1] at 16 kHz.
    ///   - offset: Position of the frame's first sample; the frame must lie inside `samples`.
    /// - Returns: Natural-log energies. Shape `[80]`.
    package func frame(of samples: [Float], at offset: Int) -> [Float] {
        transform.power(of: samples, at: offset, into: &power)
        filters.energies(of: power, into: &energies)
        return energies.map { log(max($0, Self.floor)) }
    }

    /// Converts a whole window.
    ///
    /// - Parameter samples: Mono PCM in [-1, 1] at 16 kHz.
    /// - Returns: Energies of every whole frame; frame `i` starts at sample `i * 160`. 32,000 samples give 197 frames.
    package func spectrogram(of samples: [Float]) -> MelSpectrogram {
        let frameCount = transform.frameCount(of: samples.count)
        var values = [Float](repeating: 0, count: Self.bandCount * frameCount)
        values.withUnsafeMutableBufferPointer { values in
            for frame in 0..<frameCount {
                transform.power(of: samples, at: frame * Self.hop, into: &power)
                filters.energies(of: power, into: &energies)
                for band in 0..<Self.bandCount {
                    values[band * frameCount + frame] = log(max(energies[band], Self.floor))
                }
            }
        }
        return MelSpectrogram(bandCount: Self.bandCount, frameCount: frameCount, values: values)
    }
}
