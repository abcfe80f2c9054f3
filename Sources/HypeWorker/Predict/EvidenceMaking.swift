import Foundation
import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Draws what the nets saw.
enum EvidenceMaking {
    /// Faces that are shown at most, those that matter most.
    static let faceLimit = 8
    /// Samples of a sound that is drawn at least: a tenth of a second.
    private static let leastSamples = AudioBlock.sampleRate / 10

    /// A face as the net saw it.
    ///
    /// - Parameters:
    ///   - cut: Grey 0…255, shape `[48, 48]`, row-major.
    ///   - track: Number of the face.
    ///   - time: When it is on screen.
    /// - Returns: The picture.
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    static func face(_ cut: [Float], track: Int, time: MediaTime) throws -> EvidencePicture {
        let bytes = cut.flatMap { value in
            repeatElement(UInt8(min(255, max(0, value.rounded()))), count: 3)
        }
        let image = PixelBuffer(width: FaceAligner.side, height: FaceAligner.side, bytes: bytes)
        return EvidencePicture(kind: .face, track: track, time: time, png: Data(try PNGWriter.encode(image)))
    }

    /// The mel spectrogram of a voice.
    ///
    /// - Parameters:
    ///   - samples: Mono PCM at 16 kHz.
    ///   - start: When the first sample is heard.
    /// - Returns: The picture; nil where there are too few samples.
    /// - Throws: `DSPError` or ``MediaError`` with code `.cannotEncode`.
    static func spectrogram(of samples: [Float], from start: MediaTime) throws -> EvidencePicture? {
        guard samples.count >= leastSamples else { return nil }
        let png = try SpectrogramPicture.png(of: samples, start: start)
        return EvidencePicture(kind: .spectrogram, track: nil, time: start, png: png)
    }
}
