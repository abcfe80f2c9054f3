package import HypeCore

/// Says where faces must be looked at so that the rule decides as if they had been looked at everywhere.
///
/// A moment always contains chat or voice, so a face can only matter close to a signal of those. The demanded stretches
/// are made of whole cells of a grid that starts at media time zero. ``MomentRule`` uses the same stretches and ignores
/// every face outside of them, also where it was told of one; so its decisions are equal whether faces were analysed
/// everywhere or on demand, provided that the analysis of one cell gives the same observations in both modes.
package struct FaceDemand: Sendable {
    /// The demanded stretches so far: sorted, aligned to the grid, neither touching nor overlapping.
    package private(set) var intervals: [MediaInterval] = []

    private let settings: MomentSettings
    private var gates: [SignalGate]

    /// Creates a demand that knows of nothing yet.
    package init(settings: MomentSettings) {
        self.settings = settings
        gates = [
            SignalGate(kind: .chat, settings: settings.chat, lag: settings.chatLag),
            SignalGate(kind: .voice, settings: settings.voice),
        ]
    }

    /// How long chat takes to react; a change counts for chat signals that begin from then on.
    package var chatLag: Duration {
        get { gates.first { $0.kind == .chat }?.lag ?? settings.chatLag }
        set {
            for index in gates.indices where gates[index].kind == .chat { gates[index].lag = newValue }
        }
    }

    /// Forgets stretches that ended before a time, to bound memory over hours; nothing before it may be demanded again.
    package mutating func forget(before time: MediaTime) {
        intervals.removeAll { $0.end < time }
    }

    /// The demanded stretches of a recording whose chat and voice are known.
    ///
    /// - Parameters:
    ///   - observations: Chat and voice observations, each kind in the order of time; faces are ignored.
    ///   - settings: The settings that the rule will have, with the same chat lag.
    ///   - recording: What can be looked at; cells that lie wholly outside are left out.
    /// - Returns: Sorted stretches of whole grid cells, neither touching nor overlapping.
    package static func intervals(
        for observations: some Sequence<Observation>,
        settings: MomentSettings,
        within recording: MediaInterval? = nil
    ) -> [MediaInterval] {
        var demand = FaceDemand(settings: settings)
        for observation in observations { _ = demand.ingest(observation) }
        guard let recording else { return demand.intervals }
        let outer = settings.cells(covering: recording)
        return demand.intervals.compactMap { $0.intersection(outer) }
    }

    /// Takes the next chat or voice observation.
    ///
    /// - Returns: What is demanded from now on and was not before: sorted stretches of whole grid cells.
    package mutating func ingest(_ observation: Observation) -> [MediaInterval] {
        var fresh: [MediaInterval] = []
        for index in gates.indices {
            for event in gates[index].ingest(observation) {
                guard let signal = event.presentSignal else { continue }
                fresh += require(settings.faceArea(around: signal))
            }
        }
        return fresh.merged()
    }

    private mutating func require(_ area: MediaInterval) -> [MediaInterval] {
        let fresh = area.subtracting(intervals)
        if !fresh.isEmpty { intervals = (intervals + [area]).merged() }
        return fresh
    }
}

extension MomentSettings {
    /// The grid cells in which a face could agree with a signal.
    func faceArea(around signal: Signal) -> MediaInterval {
        let reach = window + face.minimum
        return cells(covering: signal.interval.expanded(before: reach, after: reach))
    }

    /// The smallest run of whole grid cells that covers an interval.
    package func cells(covering interval: MediaInterval) -> MediaInterval {
        let cell = max(1, faceSegment.nanoseconds)
        let first = interval.start.nanoseconds.flooredDivision(by: cell)
        let last = (interval.end.nanoseconds - 1).flooredDivision(by: cell)
        return MediaInterval(
            start: MediaTime(nanoseconds: first * cell),
            end: MediaTime(nanoseconds: (max(first, last) + 1) * cell)
        )
    }
}

extension SignalGate.Event {
    /// The signal that speaks for a moment, or nil for a stretch that could not be seen.
    var presentSignal: Signal? {
        switch self {
        case .opened(_, let signal), .grown(_, let signal), .closed(_, let signal): signal
        case .missing: nil
        }
    }
}

extension MediaInterval {
    /// The parts of the interval that lie in none of the others, which are sorted and do not overlap.
    package func subtracting(_ others: [MediaInterval]) -> [MediaInterval] {
        var rest: [MediaInterval] = []
        var cursor = start
        for other in others where other.overlaps(self) {
            if other.start > cursor { rest.append(MediaInterval(start: cursor, end: other.start)) }
            cursor = max(cursor, other.end)
        }
        if cursor < end { rest.append(MediaInterval(start: cursor, end: end)) }
        return rest
    }

    /// Time between two intervals; zero where they touch or overlap.
    func gap(to other: MediaInterval) -> Duration {
        max(.zero, max(other.start - end, start - other.end))
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
