package import HypeCore

/// Estimates how late chat reacts, from bursts of chat and what the streamer did before them.
///
/// The weighted starts of the chat signals are correlated with the rises of the reaction score over lags of −5 to 40 s.
/// How many bursts have a rise at the best lag is compared with chance (binomial test, corrected for the number of lags
/// tried): bursts that merely coincide with a lively streamer give no confidence.
package struct LagEstimator: Sendable {
    /// Lags that are tried, in seconds; below zero only to see that nothing better lies there.
    package static let lags: ClosedRange<Double> = -5...40
    /// Fewest chat bursts that allow an estimate.
    package static let fewestBursts = 3
    /// Confidence from which an estimate replaces the default.
    package static let confidence = 0.95

    /// Length of a bin in seconds.
    private static let bin = 0.5
    /// Half width of the triangle in seconds that rises are smoothed with; people do not react to the split second.
    private static let smoothing = 1.5
    /// Standard deviations from which a rise counts as one, and above which it counts no more.
    private static let notable = 1.0
    private static let clip = 3.0

    private let settings: MomentSettings

    /// Creates an estimator.
    ///
    /// - Parameter settings: Chat settings that tell what a burst is, and the lag to fall back to.
    package init(settings: MomentSettings = MomentSettings()) {
        self.settings = settings
    }

    /// Estimates the lag.
    ///
    /// Where faces are analysed on demand, give voice alone: the demand depends on the lag.
    ///
    /// - Parameters:
    ///   - chat: Chat observations in the order of time.
    ///   - reactions: Voice observations, face observations, or both; the higher score counts.
    /// - Returns: The lag with its confidence; the lag of the settings where the confidence is too low.
    package func estimate(chat: [Observation], reactions: [Observation]) -> ChatLag {
        let bursts = bursts(in: chat)
        let fallback = ChatLag(lag: settings.chatLag, confidence: 0, bursts: bursts.count)
        guard bursts.count >= Self.fewestBursts, let rises = Rises(reactions, bin: Self.bin, smoothing: Self.smoothing)
        else { return fallback }

        let steps = Int(((Self.lags.upperBound - Self.lags.lowerBound) / Self.bin).rounded())
        let lags = (0...steps).map { Self.lags.lowerBound + Double($0) * Self.bin }
        let strengths = lags.map { lag in
            bursts.reduce(0) { $0 + $1.weight * min(Self.clip, rises.at($1.time - lag)) }
        }
        guard let best = strengths.indices.max(by: { strengths[$0] < strengths[$1] }), strengths[best] > 0 else {
            return fallback
        }
        let lag = Self.centre(of: strengths, lags: lags, around: best)
        let hits = bursts.filter { rises.at($0.time - lags[best]) >= Self.notable }.count
        let chance = rises.share(from: Self.notable)
        let tries = (Self.lags.upperBound - Self.lags.lowerBound) / (2 * Self.smoothing)
        let doubt = min(1, Self.tail(atLeast: hits, of: bursts.count, chance: chance) * tries)
        guard 1 - doubt >= Self.confidence else {
            return ChatLag(lag: settings.chatLag, confidence: 1 - doubt, bursts: bursts.count)
        }
        return ChatLag(lag: MediaTime(seconds: lag) - MediaTime.zero, confidence: 1 - doubt, bursts: bursts.count)
    }

    private func bursts(in chat: [Observation]) -> [(time: Double, weight: Double)] {
        var gate = SignalGate(kind: .chat, settings: settings.chat)
        let events = chat.flatMap { gate.ingest($0) } + gate.finish()
        return events.compactMap { event in
            guard case .closed(_, let signal) = event else { return nil }
            return (time: signal.interval.start.seconds, weight: signal.score)
        }
    }

    /// The middle of the peak: the weighted mean of its neighbours that are nearly as high.
    private static func centre(of strengths: [Double], lags: [Double], around best: Int) -> Double {
        var sum = 0.0
        var weights = 0.0
        for step in [-1, 1] {
            var index = step < 0 ? best : best + 1
            while strengths.indices.contains(index), strengths[index] >= 0.8 * strengths[best] {
                sum += strengths[index] * lags[index]
                weights += strengths[index]
                index += step
            }
        }
        return weights > 0 ? sum / weights : lags[best]
    }

    /// Probability of at least so many hits in so many independent tries.
    private static func tail(atLeast hits: Int, of tries: Int, chance: Double) -> Double {
        var coefficient = 1.0
        var sum = 0.0
        for count in 0...tries {
            if count >= hits {
                sum += coefficient * power(chance, count) * power(1 - chance, tries - count)
            }
            coefficient *= Double(tries - count) / Double(count + 1)
        }
        return min(1, sum)
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { product, _ in product * base }
    }
}

/// How fast a score rises, in standard deviations from its mean.
private struct Rises {
    private var values: [Double]
    private let start: Double
    private let bin: Double

    /// Bins the observations; nil where the score never changes.
    init?(_ observations: [Observation], bin: Double, smoothing: Double) {
        guard let first = observations.map(\.interval.start).min(), let last = observations.map(\.interval.end).max()
        else { return nil }
        start = first.seconds
        self.bin = bin
        let scores = Self.scores(observations, from: first.seconds, count: Int((last - first).inSeconds / bin) + 1, bin)
        let rises = scores.indices.map { index -> Double in
            guard index > 0, let now = scores[index], let before = scores[index - 1] else { return 0 }
            return max(0, now - before)
        }
        values = Self.smoothed(rises, halfWidth: Int(smoothing / bin))
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        guard variance > 1e-12 else { return nil }
        let deviation = variance.squareRoot()
        values = values.map { ($0 - mean) / deviation }
    }

    /// The rise at a time; an ordinary one outside of what was seen.
    func at(_ time: Double) -> Double {
        let index = Int(((time - start) / bin).rounded(.down))
        return values.indices.contains(index) ? values[index] : 0
    }

    /// Part of the time with at least such a rise, 0…1.
    func share(from level: Double) -> Double {
        Double(values.filter { $0 >= level }.count) / Double(values.count)
    }

    private static func scores(
        _ observations: [Observation],
        from start: Double,
        count: Int,
        _ bin: Double
    ) -> [Double?] {
        var scores = [Double?](repeating: nil, count: count)
        for observation in observations {
            guard let score = observation.score else { continue }
            let first = Int((observation.interval.start.seconds - start) / bin)
            let last = Int((observation.interval.end.seconds - start) / bin - 1e-6)
            for index in first...max(first, last) where scores.indices.contains(index) {
                scores[index] = max(scores[index] ?? 0, score)
            }
        }
        return scores
    }

    private static func smoothed(_ values: [Double], halfWidth: Int) -> [Double] {
        values.indices.map { index in
            (-halfWidth...halfWidth).reduce(0.0) { sum, offset in
                guard values.indices.contains(index + offset) else { return sum }
                return sum + values[index + offset] * Double(halfWidth + 1 - abs(offset))
            }
        }
    }
}
