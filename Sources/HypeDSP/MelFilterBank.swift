import Foundation

/// Triangular filters that gather a power spectrum into mel bands.
///
/// Equals `librosa.filters.mel(htk=False, norm="slaney")` of librosa 0.11: Slaney's mel scale (linear below 1 kHz,
/// logarithmic above) and filters of equal area. Only the bins under each triangle are kept.
package struct MelFilterBank: Sendable {
    /// Number of bands.
    package let bandCount: Int

    private let firstBin: [Int]
    private let firstWeight: [Int]
    private let weights: [Float]

    /// Creates the filters.
    ///
    /// - Parameters:
    ///   - sampleRate: Samples per second, at least 1.
    ///   - frameLength: Samples per spectrum; the spectrum has `frameLength / 2 + 1` bins.
    ///   - bandCount: Number of bands, at least 1.
    ///   - frequencies: Range that the bands cover, in Hz, within 0…sampleRate / 2.
    /// - Throws: ``DSPError`` with code `.invalidSetting`.
    package init(
        sampleRate: Int,
        frameLength: Int,
        bandCount: Int,
        frequencies: ClosedRange<Double>
    ) throws {
        guard sampleRate > 0, frameLength >= 4, bandCount > 0, frequencies.lowerBound >= 0,
            frequencies.upperBound <= Double(sampleRate) / 2, frequencies.lowerBound < frequencies.upperBound
        else {
            throw DSPError(
                .invalidSetting,
                "\(bandCount) mel bands over \(frequencies) Hz do not fit \(sampleRate) Hz audio; "
                    + "stay within 0 and half the sample rate"
            )
        }
        let lowest = Self.mel(fromHertz: frequencies.lowerBound)
        let highest = Self.mel(fromHertz: frequencies.upperBound)
        let edges = (0..<bandCount + 2).map { index in
            Self.hertz(fromMel: lowest + (highest - lowest) * Double(index) / Double(bandCount + 1))
        }
        let binWidth = Double(sampleRate) / Double(frameLength)
        var firstBin: [Int] = []
        var firstWeight = [0]
        var weights: [Float] = []
        for band in 0..<bandCount {
            let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
            let triangle = (0...frameLength / 2).map { bin in
                let frequency = Double(bin) * binWidth
                return max(0, min((frequency - left) / (centre - left), (right - frequency) / (right - centre)))
            }
            let first = triangle.firstIndex { $0 > 0 } ?? 0
            let last = triangle.lastIndex { $0 > 0 } ?? first - 1
            firstBin.append(first)
            if first <= last { weights += triangle[first...last].map { Float($0 * 2 / (right - left)) } }
            firstWeight.append(weights.count)
        }
        self.bandCount = bandCount
        self.firstBin = firstBin
        self.firstWeight = firstWeight
        self.weights = weights
    }

    /// Bands so narrow that no bin of the spectrum lies under their triangle: they are always empty.
    package var emptyBands: Int { (0..<bandCount).count { firstWeight[$0] == firstWeight[$0 + 1] } }

    /// Gathers a power spectrum into bands.
    ///
    /// - Parameters:
    ///   - power: Power per bin. Shape `[frameLength / 2 + 1]`.
    ///   - energies: Receives the energy per band; is resized where needed. Shape `[bandCount]`.
    package func energies(of power: [Float], into energies: inout [Float]) {
        if energies.count != bandCount { energies = [Float](repeating: 0, count: bandCount) }
        power.withUnsafeBufferPointer { power in
            weights.withUnsafeBufferPointer { weights in
                for band in 0..<bandCount {
                    var sum: Float = 0
                    var bin = firstBin[band]
                    for index in firstWeight[band]..<firstWeight[band + 1] {
                        sum += weights[index] * power[bin]
                        bin += 1
                    }
                    energies[band] = sum
                }
            }
        }
    }

    /// Position of a frequency on Slaney's scale (Auditory Toolbox, 1998).
    package static func mel(fromHertz frequency: Double) -> Double {
        frequency < logStart ? frequency / linearStep : logStart / linearStep + log(frequency / logStart) / logStep
    }

    /// Frequency at a position on Slaney's scale.
    package static func hertz(fromMel mel: Double) -> Double {
        let position = logStart / linearStep
        return mel < position ? mel * linearStep : logStart * exp(logStep * (mel - position))
    }

    /// Hz per mel below ``logStart``.
    private static let linearStep = 200.0 / 3
    /// Hz from which the scale is logarithmic.
    private static let logStart = 1000.0
    /// Natural-log step per mel above ``logStart``.
    private static let logStep = log(6.4) / 27
}
