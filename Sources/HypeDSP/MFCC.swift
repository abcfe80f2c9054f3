import Foundation

/// Mel-frequency cepstral coefficients.
///
/// The orthonormal DCT-II of log-mel energies, as `librosa.feature.mfcc(S=…, dct_type=2, norm="ortho")` of librosa 0.11
/// makes it; tolerance 1e-3 against `Fixtures/logmel.json` (the sum of 80 terms of tolerance 1e-4) and
/// `Fixtures/features.json`.
package struct MFCC: Sendable {
    /// Number of coefficients.
    package let count: Int
    /// Number of mel bands that a frame has.
    package let bandCount: Int
    private let matrix: [Float]

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - count: Number of coefficients, 1…`bandCount`; usual are 13, 20 and 40.
    ///   - bandCount: Number of mel bands that a frame has.
    /// - Throws: ``DSPError`` with code `.invalidSetting`.
    package init(count: Int, bandCount: Int = LogMel.bandCount) throws {
        guard count >= 1, count <= bandCount else {
            throw DSPError(.invalidSetting, "\(count) coefficients need at least as many bands, not \(bandCount)")
        }
        self.count = count
        self.bandCount = bandCount
        matrix = (0..<count).flatMap { row in
            let scale = (row == 0 ? 1.0 : 2.0) / Double(bandCount)
            return (0..<bandCount).map { band in
                Float(scale.squareRoot() * cos(Double.pi * Double(row) * (Double(band) + 0.5) / Double(bandCount)))
            }
        }
    }

    /// Converts one frame.
    ///
    /// - Parameter energies: Mel energies on a logarithmic scale. Shape `[bandCount]`.
    /// - Returns: Coefficients. Shape `[count]`.
    package func coefficients(of energies: [Float]) -> [Float] {
        precondition(energies.count == bandCount, "a frame has \(bandCount) bands")
        return (0..<count).map { row in
            var sum: Float = 0
            for band in 0..<bandCount { sum += matrix[row * bandCount + band] * energies[band] }
            return sum
        }
    }

    /// Converts a spectrogram.
    ///
    /// - Parameter spectrogram: Mel energies on a logarithmic scale, with `bandCount` bands.
    /// - Returns: Coefficients, time fastest. Shape `[count][frameCount]`.
    package func coefficients(of spectrogram: MelSpectrogram) -> [[Float]] {
        var rows = [[Float]](repeating: [], count: count)
        for frame in 0..<spectrogram.frameCount {
            let energies = (0..<spectrogram.bandCount).map { spectrogram[$0, frame] }
            for (row, value) in coefficients(of: energies).enumerated() { rows[row].append(value) }
        }
        return rows
    }

    /// Estimates the slope of a series of values over time, or how the slope changes.
    ///
    /// - Parameters:
    ///   - series: One coefficient over time. Shape `[frameCount]`.
    ///   - order: 1 for the slope, 2 for the slope of the slope.
    ///   - width: Number of values that a curve is fitted to; odd, at least 3.
    /// - Returns: The estimate per frame, or all zeros where the series is shorter than `width`. Shape `[frameCount]`.
    package static func delta(of series: [Float], order: Int = 1, width: Int = 9) -> [Float] {
        SlopeFilter(order: order, width: width).slopes(of: series)
    }
}
