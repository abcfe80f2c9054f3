package import HypeCore

/// Converts power per mel band to the features that were asked for, frame by frame.
///
/// It comes after ``MelStream``, when the greatest power of the whole sound is known. MFCC equal
/// `librosa.feature.mfcc` of librosa 0.11, tolerance 1e-3 against `Fixtures/features.json`.
package struct FeatureStream {
    private let scale: DecibelScale?
    private let transform: MFCC?
    private var slopes: SlopeStream?

    /// Prepares the stream.
    ///
    /// - Parameters:
    ///   - settings: What is computed.
    ///   - greatest: The greatest power of any band and frame.
    /// - Throws: ``DSPError`` with code `.invalidSetting`.
    package init(_ settings: FeatureSettings, greatest: Float) throws {
        if let mistake = settings.mistake { throw DSPError(.invalidSetting, mistake) }
        let scale = DecibelScale(reference: settings.reference, range: settings.range, greatest: greatest)
        switch settings.kind {
        case .mel:
            self.scale = nil
            transform = nil
        case .logMel:
            self.scale = scale
            transform = nil
        case .mfcc(let count):
            self.scale = scale
            transform = try MFCC(count: count, bandCount: settings.bandCount)
        }
        slopes = settings.hasSlopes ? SlopeStream() : nil
    }

    /// Takes a frame.
    ///
    /// - Parameter power: Power per band. Shape `[bandCount]`.
    /// - Returns: The frames that are complete; slopes make them wait for four more.
    package mutating func push(_ power: [Float]) -> [[Float]] {
        var values = power
        if let scale { values = power.map(scale.decibels) }
        if let transform { values = transform.coefficients(of: values) }
        return slopes?.push(values) ?? [values]
    }

    /// Gives the frames that still wait; the stream cannot be used after that.
    package mutating func finish() -> [[Float]] { slopes?.finish() ?? [] }
}
