import HypeCore

/// Observations of one kind, sorted by their start.
struct ObservationBuffer: Sendable {
    private(set) var observations: [Observation] = []

    /// Adds an observation; one that starts at the same time is kept, and comes before.
    ///
    /// - Returns: Whether it became the last.
    @discardableResult
    mutating func insert(_ observation: Observation) -> Bool {
        let index = firstIndex { $0.interval.start > observation.interval.start }
        observations.insert(observation, at: index)
        return index == observations.count - 1
    }

    /// Forgets what starts before a time.
    mutating func prune(before time: MediaTime) {
        guard let first = observations.first, first.interval.start < time else { return }
        observations.removeFirst(firstIndex { $0.interval.start >= time })
    }

    /// What starts in an interval.
    func starting(in interval: MediaInterval) -> ArraySlice<Observation> {
        let first = firstIndex { $0.interval.start >= interval.start }
        let last = firstIndex { $0.interval.start >= interval.end }
        return observations[first..<max(first, last)]
    }

    /// What overlaps an interval.
    func touching(_ interval: MediaInterval) -> [Observation] {
        let slack = Duration.seconds(5)
        return starting(in: interval.expanded(before: slack, after: .nanoseconds(1)))
            .filter { $0.interval.touches(interval) }
    }

    private func firstIndex(where isAfter: (Observation) -> Bool) -> Int {
        var low = 0
        var high = observations.count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(observations[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
