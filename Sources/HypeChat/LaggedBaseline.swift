import Foundation

/// The ordinary level of a count and how much it scatters, both lagging behind the present.
///
/// `level` is an exponentially weighted mean, `dispersion` the weighted mean of squared Pearson residuals
/// `(count - level)² / level`, each cut at a multiple of the dispersion so far, and the mean at least 1 (1 is a Poisson
/// process). Until as many samples have come as the time constant has seconds, each sample weighs the same.
struct LaggedBaseline {
    /// The ordinary count per window.
    private(set) var level: Double
    /// Variance over mean, at least 1.
    private(set) var dispersion: Double

    private let samplesPerTimeConstant: Double
    private let floor: Double
    private let residualLimit: Double
    private var samples: Double
    private var waiting: [Double]
    private var next = 0
    private var waitingCount = 0

    /// Creates an estimate.
    ///
    /// - Parameters:
    ///   - timeConstant: Of both means, in samples.
    ///   - lag: How many samples the estimate lags behind.
    ///   - floor: The level is taken to be at least this for residuals.
    ///   - residualLimit: Squared residuals are cut at this multiple of the dispersion.
    ///   - prior: Level and dispersion that are known already; they weigh as much as one time constant.
    init(timeConstant: Int, lag: Int, floor: Double, residualLimit: Double, prior: (Double, Double)?) {
        samplesPerTimeConstant = Double(max(1, timeConstant))
        self.floor = floor
        self.residualLimit = residualLimit
        level = prior?.0 ?? 0
        dispersion = max(1, prior?.1 ?? 1)
        samples = prior == nil ? 0 : samplesPerTimeConstant
        waiting = Array(repeating: 0, count: max(1, lag))
    }

    /// Takes in the count of the next second.
    mutating func add(_ count: Double) {
        if waitingCount == waiting.count {
            learn(waiting[next])
        } else {
            waitingCount += 1
        }
        waiting[next] = count
        next = next + 1 == waiting.count ? 0 : next + 1
    }

    private mutating func learn(_ count: Double) {
        samples = min(samples + 1, samplesPerTimeConstant)
        let weight = 1 / samples
        let expected = max(level, floor)
        let residual = (count - expected) * (count - expected) / expected
        if samples > 1 {
            dispersion = max(1, dispersion + weight * (min(residual, residualLimit * dispersion) - dispersion))
        }
        level += weight * (count - level)
    }

    /// Evidence that a count is above the level: the generalised likelihood ratio of two Poisson rates over the
    /// dispersion.
    func evidence(_ count: Double) -> Double {
        let expected = max(level, floor)
        guard count > expected else { return 0 }
        return (count * log(count / expected) - (count - expected)) / dispersion
    }
}
