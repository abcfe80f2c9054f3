import Foundation

/// Mel-frequency cepstral coefficients.
///
/// The orthonormal DCT-II of log-mel energies, as `librosa.feature.mfcc(S=…, dct_type=2, norm="ortho")` of librosa 0.11
/// makes it; tolerance 1e-3 against `Fixtures/logmel.json` (the sum of 80 terms of tolerance 1e-4).
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
    /// - Parameter energies: Natural-log mel energies. Shape `[bandCount]`.
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
    /// - Parameter spectrogram: Natural-log mel energies with `bandCount` bands.
    /// - Returns: Coefficients, time fastest. Shape `[count][frameCount]`.
    package func coefficients(of spectrogram: MelSpectrogram) -> [[Float]] {
        var rows = [[Float]](repeating: [], count: count)
        for frame in 0..<spectrogram.frameCount {
            let energies = (0..<spectrogram.bandCount).map { spectrogram[$0, frame] }
            for (row, value) in coefficients(of: energies).enumerated() { rows[row].append(value) }
        }
        return rows
    }

    /// Estimates the slope of a series of values over time.
    ///
    /// Equals `librosa.feature.delta(order=1, mode="interp")`: a line fitted to `width` values around each point; the
    /// first and last points take the slope of the first and last full line.
    ///
    /// - Parameters:
    ///   - series: One coefficient over time. Shape `[frameCount]`.
    ///   - width: Number of values that a line is fitted to; odd, at least 3.
    /// - Returns: Slope per frame, or all zeros where the series is shorter than `width`. Shape `[frameCount]`.
    package static func delta(of series: [Float], width: Int = 9) -> [Float] {
        precondition(width >= 3 && !width.isMultiple(of: 2), "a line is fitted to an odd number of at least 3 values")
        guard series.count >= width else { return [Float](repeating: 0, count: series.count) }
        let half = width / 2
        var norm: Float = 0
        for distance in 1...half { norm += 2 * Float(distance * distance) }
        let slopes = (half..<series.count - half).map { centre in
            var slope: Float = 0
            for distance in 1...half {
                slope += Float(distance) * (series[centre + distance] - series[centre - distance])
            }
            return slope / norm
        }
        return series.indices.map { slopes[min(max($0 - half, 0), slopes.count - 1)] }
    }
}
