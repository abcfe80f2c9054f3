package import Foundation
package import HypeCore
import HypeDSP
import HypeMedia

/// Draws the mel spectrogram, or other features, of sound that is in memory.
package enum SpectrogramPicture {
    /// Draws samples.
    ///
    /// - Parameters:
    ///   - samples: Mono PCM in [-1, 1] at 16 kHz; at least one where frames are centred, else at least a frame.
    ///   - settings: What is drawn.
    ///   - picture: How it is drawn.
    ///   - start: Time of the first sample, which the time axis shows.
    /// - Returns: The bytes of a PNG file.
    /// - Throws: `DSPError` for impossible settings or too few samples, or `MediaError` with code `.cannotEncode`.
    package static func png(
        of samples: [Float],
        settings: FeatureSettings = FeatureSettings(),
        picture: PictureSettings = PictureSettings(),
        start: MediaTime = .zero
    ) throws -> Data {
        if let mistake = picture.mistake { throw DSPError(.invalidSetting, mistake) }
        let mel = try MelStream(settings)
        var power: [[Float]] = []
        mel.push(samples) { power.append($0) }
        if !samples.isEmpty { mel.finish { power.append($0) } }
        guard !power.isEmpty else {
            throw DSPError(.invalidSetting, "\(samples.count) samples are too few to draw; give at least one frame.")
        }
        var drawing = FeaturePicture(
            settings: settings,
            picture: picture,
            frameCount: power.count,
            start: start
        )
        if drawing.takesPower {
            for frame in power { drawing.push(frame) }
        } else {
            let greatest = power.reduce(0) { max($0, $1.max() ?? 0) }
            var features = try FeatureStream(settings, greatest: greatest)
            for frame in power.flatMap({ features.push($0) }) + features.finish() { drawing.push(frame) }
        }
        return Data(try PNGWriter.encode(drawing.draw()))
    }
}
