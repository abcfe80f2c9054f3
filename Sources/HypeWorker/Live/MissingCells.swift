package import HypeCore

/// Keeps the voice's observations free of holes and overlaps when sound comes and goes.
///
/// A pure state machine: what the analyzer says is let through as far as it is new, and what it says nothing about
/// becomes missing cells of half a second.
package struct MissingCells: Sendable {
    /// Length of a cell; cells lie at its multiples.
    package static let cell = Duration.milliseconds(500)
    /// Cells that are said one by one; a longer gap is one long cell.
    package static let most = 128

    private var covered: MediaTime

    /// Begins at a time: what was before is nobody's business.
    package init(from start: MediaTime) {
        covered = max(.zero, Self.floor(start))
    }

    /// Takes what the analyzer says; nil where it is about the past.
    package mutating func accept(_ observation: Observation) -> Observation? {
        guard observation.interval.end > covered else { return nil }
        if observation.score == nil, observation.interval.start < covered {
            var rest = observation
            rest.interval = MediaInterval(start: covered, end: observation.interval.end)
            covered = rest.interval.end
            return rest
        }
        covered = max(covered, observation.interval.end)
        return observation
    }

    /// What nobody said anything about up to a time.
    package mutating func missing(until time: MediaTime, because reason: String) -> [Observation] {
        let end = Self.floor(time)
        guard end > covered else { return [] }
        defer { covered = end }
        let count = (end - covered).nanoseconds / Self.cell.nanoseconds
        guard count <= Self.most else {
            let gap = MediaInterval(start: covered, end: end)
            return [Observation(kind: .voice, interval: gap, missing: reason)]
        }
        var cells: [Observation] = []
        var start = covered
        while start < end {
            let next = min(end, Self.floor(start) + Self.cell)
            cells.append(Observation(kind: .voice, interval: MediaInterval(start: start, end: next), missing: reason))
            start = next
        }
        return cells
    }

    private static func floor(_ time: MediaTime) -> MediaTime {
        let length = cell.nanoseconds
        let remainder = time.nanoseconds % length
        return MediaTime(nanoseconds: time.nanoseconds - (remainder < 0 ? remainder + length : remainder))
    }
}
