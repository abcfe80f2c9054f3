package import HypeCore

/// Converts mono PCM to power per mel band as it arrives.
///
/// Equals `librosa.feature.melspectrogram` of librosa 0.11 with a Hann window, `power=2`, Slaney bands and, where frames
/// are centred, `pad_mode="constant"`. Holds one frame and what was pushed last.
package final class MelStream {
    private let settings: FeatureSettings
    private let transform: STFT
    private let filters: MelFilterBank
    private var pending: [Float]
    /// Samples between the last frame and the next, where the hop is longer than a frame, that have not come yet.
    private var skip = 0
    private var power: [Float] = []
    private var energies: [Float] = []

    /// Prepares the stream.
    ///
    /// - Parameter settings: Window, hop, transform, bands.
    /// - Throws: ``DSPError`` with code `.invalidSetting` or `.transformUnavailable`.
    package init(_ settings: FeatureSettings) throws {
        if let mistake = settings.mistake { throw DSPError(.invalidSetting, mistake) }
        self.settings = settings
        transform = try STFT(
            frameLength: settings.frameLength,
            hop: settings.hopLength,
            windowLength: settings.windowLength
        )
        filters = try MelFilterBank(
            sampleRate: FeatureSettings.sampleRate,
            frameLength: settings.frameLength,
            bandCount: settings.bandCount,
            frequencies: settings.frequencies
        )
        pending = [Float](repeating: 0, count: settings.isCentred ? settings.frameLength / 2 : 0)
    }

    /// Bands that are narrower than the transform can resolve, so that they are always empty.
    package var emptyBands: Int { filters.emptyBands }

    /// Takes samples.
    ///
    /// - Parameters:
    ///   - samples: The next samples, any number; mono PCM in [-1, 1] at 16 kHz.
    ///   - take: Receives each frame that is complete, in order: power per band. Shape `[bandCount]`.
    /// - Throws: What `take` throws.
    package func push(_ samples: some Sequence<Float>, take: ([Float]) throws -> Void) rethrows {
        pending.append(contentsOf: samples)
        var offset = min(skip, pending.count)
        skip -= offset
        while skip == 0, offset + transform.frameLength <= pending.count {
            transform.power(of: pending, at: offset, into: &power)
            filters.energies(of: power, into: &energies)
            try take(energies)
            offset += transform.hop
        }
        let passed = min(offset, pending.count)
        skip += offset - passed
        pending.removeFirst(passed)
    }

    /// Takes the silence behind the last sample, where frames are centred; the stream cannot be used after that.
    ///
    /// - Parameter take: Receives each frame that is complete. Shape `[bandCount]`.
    /// - Throws: What `take` throws.
    package func finish(take: ([Float]) throws -> Void) rethrows {
        guard settings.isCentred else { return }
        try push(repeatElement(Float(0), count: settings.frameLength / 2), take: take)
    }
}
