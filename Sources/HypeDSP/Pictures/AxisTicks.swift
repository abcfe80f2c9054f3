import Foundation
package import HypeCore

/// Chooses round places for the marks of an axis.
package enum AxisTicks {
    /// A mark with its words.
    package struct Tick: Hashable, Sendable {
        /// Place on the axis, in its unit.
        package var value: Double
        /// What stands beside it.
        package var label: String
    }

    /// The marks of a time axis and what the axis is called.
    package struct Time: Hashable, Sendable {
        /// The marks, at seconds.
        package var ticks: [Tick]
        /// The axis' name with its unit.
        package var title: String
    }

    private static let timeSteps: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600,
        7200, 10_800, 21_600, 43_200, 86_400,
    ]

    /// The marks of a stretch of time.
    ///
    /// - Parameters:
    ///   - interval: The stretch.
    ///   - most: How many marks there may be at most, at least 1.
    /// - Returns: Marks at multiples of a round step; in seconds, from 100 s on in minutes, from an hour on in hours.
    package static func time(_ interval: MediaInterval, most: Int) -> Time {
        let span = interval.start.seconds...max(interval.start.seconds, interval.end.seconds)
        let least = (span.upperBound - span.lowerBound) / Double(most)
        let step = timeSteps.first { least <= $0 } ?? (least / 86_400).rounded(.up) * 86_400
        let values = multiples(of: step, in: span)
        if span.upperBound >= 3600 {
            return Time(ticks: values.map { Tick(value: $0, label: clock($0, hours: true)) }, title: "time (h:min:s)")
        }
        if span.upperBound >= 100 {
            return Time(ticks: values.map { Tick(value: $0, label: clock($0, hours: false)) }, title: "time (min:s)")
        }
        return Time(ticks: values.map { Tick(value: $0, label: number($0, step: step)) }, title: "time (s)")
    }

    /// Marks at multiples of 1, 2 or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - range: What the axis shows.
    ///   - most: How many marks there may be at most, at least 1.
    /// - Returns: The marks, the lowest first.
    package static func linear(_ range: ClosedRange<Double>, most: Int) -> [Tick] {
        let least = max((range.upperBound - range.lowerBound) / Double(most), 1e-9)
        let power = pow(10, floor(log10(least)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999_999 } ?? power * 10
        return multiples(of: step, in: range).map { Tick(value: $0, label: number($0, step: step)) }
    }

    /// Marks of a frequency axis that is as the ear hears: octaves, or round steps where fewer than three lie in range.
    ///
    /// - Parameters:
    ///   - range: What the axis shows, in Hz.
    ///   - isApart: Whether two frequencies are far enough from each other for both to be marked.
    /// - Returns: The marks, the lowest first.
    package static func frequency(
        _ range: ClosedRange<Double>,
        isApart: (_ lower: Double, _ upper: Double) -> Bool
    ) -> [Tick] {
        func marks(_ candidates: [Tick]) -> [Tick] {
            candidates.reduce(into: []) { chosen, tick in
                if let last = chosen.last, !isApart(last.value, tick.value) { return }
                chosen.append(tick)
            }
        }
        let octaves = [0, 125, 250, 500, 1000, 2000, 4000, 8000].filter(range.contains)
        let chosen = marks(octaves.map { Tick(value: Double($0), label: "\(Int($0))") })
        return chosen.count >= 3 ? chosen : marks(linear(range, most: 8))
    }

    private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Double] {
        let tolerance = step * 1e-6
        let first = ((range.lowerBound - tolerance) / step).rounded(.up)
        let last = ((range.upperBound + tolerance) / step).rounded(.down)
        guard last >= first else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    private static func number(_ value: Double, step: Double) -> String {
        let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        let text = String(format: "%.\(digits)f", value)
        return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) } ? String(text.dropFirst()) : text
    }

    private static func clock(_ seconds: Double, hours: Bool) -> String {
        let whole = Int(seconds.rounded())
        let tail = String(format: "%02d", whole % 60)
        return hours
            ? String(format: "%d:%02d:", whole / 3600, whole / 60 % 60) + tail : "\(whole / 60):" + tail
    }
}
