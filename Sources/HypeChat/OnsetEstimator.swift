import Foundation
import HypeCore

/// Estimates when a rise began.
///
/// Of all stretches that end now, it takes the one whose rate of users who begin to speak speaks most for a change: the
/// maximum over the start of the Poisson likelihood ratio against the ordinary rate.
struct OnsetEstimator {
    /// The longest stretch that is looked at, in seconds.
    private static let reach = 90

    private var recent = [Int](repeating: 0, count: Self.reach)
    private var next = 0
    private var rate: LaggedBaseline

    /// Creates an estimator.
    ///
    /// - Parameters:
    ///   - timeConstant: Of the ordinary rate, in seconds.
    ///   - lag: By how many seconds the ordinary rate lags behind.
    ///   - prior: The ordinary rate per second, where it is known.
    init(timeConstant: Int, lag: Int, prior: Double?) {
        rate = LaggedBaseline(
            timeConstant: timeConstant,
            lag: lag,
            floor: 0.01,
            residualLimit: .infinity,
            prior: prior.map { ($0, 1) }
        )
    }

    /// Takes in how many users began to speak in the last second.
    mutating func add(_ arrivals: Int) {
        recent[next] = arrivals
        next = next + 1 == Self.reach ? 0 : next + 1
        rate.add(Double(arrivals))
    }

    /// The start of the stretch up to the last second that was added.
    ///
    /// - Parameter now: The end of the second that is being closed, which has not been added yet.
    /// - Returns: Nil where nothing is above the ordinary rate.
    func estimate(now: MediaTime) -> MediaTime? {
        let expected = max(rate.level, 0.01)
        var best: (ratio: Double, seconds: Int)?
        var sum = 0.0
        for seconds in 1...Self.reach {
            sum += Double(recent[(next + 2 * Self.reach - seconds) % Self.reach])
            let mean = expected * Double(seconds)
            guard sum > mean else { continue }
            let ratio = sum * log(sum / mean) - (sum - mean)
            if ratio > best?.ratio ?? 0 { best = (ratio, seconds) }
        }
        return best.map { now - .seconds($0.seconds + 1) }
    }
}
