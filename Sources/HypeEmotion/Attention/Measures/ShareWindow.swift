package import HypeCore

/// Which part of the last while something was so, and for how much of it anything is known.
///
/// A pure value of fixed size: time is kept in steps, so the window's old end is exact to one step.
package struct ShareWindow: Hashable, Sendable {
    /// The part of a window.
    package struct Share: Hashable, Sendable {
        /// Part of the known time in which it was so, 0…1.
        package let share: Double
        /// Known part of the window, 0…1.
        package let known: Double
    }

    /// Length of a step.
    package static let step: Duration = .milliseconds(100)

    private var hits: [Int64]
    private var known: [Int64]
    private var last: Int64?
    private var hitSum: Int64 = 0
    private var knownSum: Int64 = 0

    /// Creates a window of which nothing is known.
    ///
    /// - Parameter length: Length of the window, at least one step.
    package init(length: Duration) {
        let count = max(1, Int((length.nanoseconds + Self.step.nanoseconds - 1) / Self.step.nanoseconds))
        hits = [Int64](repeating: 0, count: count)
        known = hits
    }

    /// Adds a span of which it is known whether it was so.
    ///
    /// - Parameters:
    ///   - span: The span, not before the last one that was added.
    ///   - isSo: Whether it was so.
    package mutating func add(_ span: MediaInterval, isSo: Bool) {
        advance(to: span.start)
        var start = span.start
        while start < span.end {
            let index = start.index(ofGrid: Self.step)
            advance(to: start)
            let next = MediaTime(nanoseconds: (index + 1) * Self.step.nanoseconds)
            let length = (min(next, span.end) - start).nanoseconds
            let place = slot(index)
            known[place] += length
            knownSum += length
            if isSo {
                hits[place] += length
                hitSum += length
            }
            start = next
        }
    }

    /// Moves the window on; what falls out is forgotten.
    ///
    /// - Parameter time: The window's new end; an earlier one than before changes nothing.
    package mutating func advance(to time: MediaTime) {
        let index = time.index(ofGrid: Self.step)
        guard let last else {
            self.last = index
            return
        }
        guard index > last else { return }
        let count = Int64(hits.count)
        for stale in max(last + 1, index - count + 1)...index {
            let place = slot(stale)
            hitSum -= hits[place]
            knownSum -= known[place]
            hits[place] = 0
            known[place] = 0
        }
        self.last = index
    }

    /// The part; a share of 0 where nothing is known.
    package var share: Share {
        let length = Double(Int64(hits.count) * Self.step.nanoseconds)
        return Share(
            share: knownSum > 0 ? Double(hitSum) / Double(knownSum) : 0,
            known: min(1, Double(knownSum) / length)
        )
    }

    /// Time of the window of which something is known.
    package var knownTime: Duration { .nanoseconds(knownSum) }

    private func slot(_ index: Int64) -> Int {
        let count = Int64(hits.count)
        let rest = index % count
        return Int(rest < 0 ? rest + count : rest)
    }
}
