/// What is computed from sound, frame by frame: the features that speech and music nets are fed with.
///
/// The names in brackets are those of librosa 0.11, whose results these are.
package struct FeatureSettings: Hashable, Sendable, Codable {
    /// What a frame becomes.
    package enum Kind: Hashable, Sendable, Codable {
        /// Power per mel band (`librosa.feature.melspectrogram`).
        case mel
        /// Power per mel band in dB (`librosa.power_to_db` of it).
        case logMel
        /// Mel-frequency cepstral coefficients (`librosa.feature.mfcc`), 1…``FeatureSettings/bandCount`` of them.
        case mfcc(count: Int)
    }

    /// The power that has 0 dB.
    package enum Reference: Hashable, Sendable, Codable {
        /// The greatest power of any band and frame (`ref=np.max`).
        case greatest
        /// A power above 0; 1 is librosa's default.
        case power(Double)
    }

    /// What a frame becomes.
    package var kind: Kind
    /// Number of mel bands, 1…256 (`n_mels`).
    package var bandCount: Int
    /// Length of the Hann window, 2 ms…1 s (`win_length`).
    package var window: Duration
    /// Time from one frame to the next, 1 ms…1 s (`hop_length`).
    package var hop: Duration
    /// Samples of the Fourier transform, even, up to 32,768 (`n_fft`); nil for the power of two that holds the window.
    package var transformLength: Int?
    /// The frequencies that the bands cover, in Hz, within 0…8000 (`fmin`, `fmax`).
    package var frequencies: ClosedRange<Double>
    /// The power that has 0 dB (`ref`); what dB are made of where there are any.
    package var reference: Reference
    /// How far below the loudest value others may lie, in dB above 0 (`top_db`); nil for as far as they do.
    package var range: Double?
    /// Whether frame `i` is centred on sample `i * hop`, with silence before and behind (`center`).
    ///
    /// Otherwise it begins there, and only whole frames are taken.
    package var isCentred: Bool
    /// Whether the slope over nine frames and the slope of the slope follow the values (`librosa.feature.delta`).
    package var hasSlopes: Bool

    /// Settings for speech: 80 bands of 0…8 kHz in dB below the loudest, windows of 25 ms every 10 ms.
    package init(
        kind: Kind = .logMel,
        bandCount: Int = 80,
        window: Duration = .milliseconds(25),
        hop: Duration = .milliseconds(10),
        transformLength: Int? = nil,
        frequencies: ClosedRange<Double> = 0...8000,
        reference: Reference = .greatest,
        range: Double? = 80,
        isCentred: Bool = true,
        hasSlopes: Bool = false
    ) {
        self.kind = kind
        self.bandCount = bandCount
        self.window = window
        self.hop = hop
        self.transformLength = transformLength
        self.frequencies = frequencies
        self.reference = reference
        self.range = range
        self.isCentred = isCentred
        self.hasSlopes = hasSlopes
    }
}

extension FeatureSettings {
    /// Samples per second of all sound that features are computed from.
    package static let sampleRate = AudioBlock.sampleRate
    /// Frames that a slope is computed from.
    package static let slopeWidth = 9

    /// Samples under the window.
    package var windowLength: Int { Self.samples(window) }
    /// Samples from one frame to the next.
    package var hopLength: Int { Self.samples(hop) }
    /// Samples of a Fourier transform.
    package var frameLength: Int {
        if let transformLength { return transformLength }
        var length = 4
        while length < windowLength { length *= 2 }
        return length
    }

    /// Values of a frame without slopes.
    package var valueCount: Int {
        if case .mfcc(let count) = kind { count } else { bandCount }
    }

    /// Names of a frame's values, such as `mfcc0` or `mel79`; the slopes have `d_` and `dd_` before them.
    package var names: [String] {
        let stem = if case .mfcc = kind { "mfcc" } else { "mel" }
        let names = (0..<valueCount).map { "\(stem)\($0)" }
        return hasSlopes ? names + names.map { "d_\($0)" } + names.map { "dd_\($0)" } : names
    }

    /// What is wrong with the settings, as a sentence for a person; nil where nothing is.
    package var mistake: String? {
        if case .mfcc(let count) = kind, !(1...max(1, bandCount)).contains(count) {
            return "\(count) coefficients cannot be made of \(bandCount) mel bands; ask for 1 to \(bandCount)."
        }
        if !(1...256).contains(bandCount) { return "The number of mel bands is 1 to 256, not \(bandCount)." }
        if !(32...Self.sampleRate).contains(windowLength) { return "The window is 2 to 1000 ms long." }
        if !(16...Self.sampleRate).contains(hopLength) { return "The hop is 1 to 1000 ms long." }
        if !(windowLength...32_768).contains(frameLength) || !frameLength.isMultiple(of: 2) {
            return "The transform has an even number of samples from \(windowLength) (the window) to 32768."
        }
        if frequencies.lowerBound < 0 || frequencies.upperBound > Double(Self.sampleRate) / 2
            || frequencies.upperBound - frequencies.lowerBound < 1
        {
            return "The frequencies are a range within 0 to \(Self.sampleRate / 2) Hz: the sound is read at 16 kHz."
        }
        if case .power(let power) = reference, !(power > 0) || !power.isFinite {
            return "The reference is max or a power above 0."
        }
        if let range, !(range > 0) || !range.isFinite { return "The range is a number of dB above 0." }
        return nil
    }

    private static func samples(_ span: Duration) -> Int {
        Int((min(max(span.inSeconds, -1e6), 1e6) * Double(sampleRate)).rounded())
    }
}
