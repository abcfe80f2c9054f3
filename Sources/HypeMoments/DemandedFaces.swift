import HypeCore

/// Face observations, and the signals in those stretches of them that are demanded.
///
/// Observations and demands may come in any order. Each demanded stretch is gated by itself from its own start, so what
/// lies outside has no influence.
struct DemandedFaces: Sendable {
    private let settings: MomentSettings
    private var seen = ObservationBuffer()
    private var areas: [Area] = []
    private var nextNumber = 0

    init(settings: MomentSettings) {
        self.settings = settings
    }

    /// A number for a signal that was not known before.
    mutating func takeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    func isDemanded(_ observation: Observation) -> Bool {
        areas.contains { $0.interval.contains(observation.interval.start) }
    }

    /// Demanded observations that overlap a stretch.
    func touching(_ stretch: MediaInterval) -> [Observation] {
        seen.touching(stretch).filter(isDemanded)
    }

    /// Takes an observation; gives the signals of its stretch, or nil where nothing changed.
    mutating func take(_ observation: Observation) -> [Signal]? {
        let isLast = seen.insert(observation)
        guard let index = areas.firstIndex(where: { $0.interval.contains(observation.interval.start) }) else {
            return nil
        }
        if isLast {
            areas[index].ingest(observation)
        } else {
            regate(index)
        }
        return areas[index].signals
    }

    /// Demands a stretch; gives the signals of the stretch that contains it, or nil where nothing changed.
    mutating func demand(_ interval: MediaInterval) -> [Signal]? {
        guard !areas.contains(where: { $0.interval.intersection(interval) == interval }) else { return nil }
        let touched = areas.filter { $0.interval.touches(interval) }
        let whole = touched.reduce(interval) { $0.union($1.interval) }
        if touched.count == 1, whole.start == touched[0].interval.start {
            return extend(touched[0], to: whole)
        }
        areas.removeAll { $0.interval.touches(interval) }
        let index = areas.firstIndex { $0.interval.start > whole.start } ?? areas.count
        areas.insert(Area(interval: whole, gate: newGate()), at: index)
        regate(index)
        return areas[index].signals
    }

    /// Forgets what ended before a time, without cutting through a signal.
    ///
    /// - Returns: The time before which everything is forgotten.
    mutating func forget(before time: MediaTime) -> MediaTime {
        let cut = areas.flatMap { $0.found.values }.map(\.interval)
            .reduce(time) { $1.contains(time) || $1.end == time ? min($0, $1.start) : $0 }
        areas.removeAll { $0.interval.end <= cut }
        if let first = areas.first, first.interval.start < cut {
            areas[0].interval = MediaInterval(start: cut, end: first.interval.end)
            areas[0].found = first.found.filter { $0.value.interval.end >= cut }
        }
        seen.prune(before: cut)
        return cut
    }

    /// Lets a stretch last longer, where nothing changes before its present end.
    private mutating func extend(_ area: Area, to whole: MediaInterval) -> [Signal]? {
        guard let index = areas.firstIndex(where: { $0.interval == area.interval }) else { return nil }
        areas[index].interval = whole
        for observation in seen.starting(in: MediaInterval(start: area.interval.end, end: whole.end)) {
            areas[index].ingest(observation)
        }
        return areas[index].signals
    }

    private func newGate() -> SignalGate { SignalGate(kind: .face, settings: settings.face) }

    private mutating func regate(_ index: Int) {
        var area = Area(interval: areas[index].interval, gate: newGate())
        for observation in seen.starting(in: area.interval) {
            area.ingest(observation)
        }
        areas[index] = area
    }
}

/// One demanded stretch.
private struct Area: Sendable {
    var interval: MediaInterval
    var gate: SignalGate
    /// Signals and stretches that could not be seen, by their number in `gate`.
    var found: [Int: Signal] = [:]

    var signals: [Signal] { found.values.sorted { $0.interval.start < $1.interval.start } }

    mutating func ingest(_ observation: Observation) {
        for event in gate.ingest(observation) + gate.ongoing {
            switch event {
            case .opened(let id, let signal), .grown(let id, let signal), .closed(let id, let signal),
                .missing(let id, let signal):
                found[id] = signal
            }
        }
    }
}
