import HypeCore

/// A clip while it is being planned.
struct ClipDraft {
    private(set) var interval: MediaInterval
    private(set) var core: MediaInterval
    private var moments: [Moment]
    private var notes: [String]

    init(interval: MediaInterval, core: MediaInterval, moments: [Moment], notes: [String]) {
        self.interval = interval
        self.core = core
        self.moments = moments
        self.notes = notes
    }

    func merged(with other: ClipDraft) -> ClipDraft {
        ClipDraft(
            interval: interval.union(other.interval),
            core: core.union(other.core),
            moments: moments + other.moments,
            notes: Array(Set(notes + other.notes)).sorted()
        )
    }

    /// Takes over the moments of a clip that lies wholly inside.
    mutating func adopt(_ other: ClipDraft) {
        moments += other.moments
    }

    /// Ends before another clip begins, never inside the core.
    mutating func endEarlier(at time: MediaTime) {
        guard time < interval.end else { return }
        interval.end = max(time, core.end)
        notes.append("ends where the next clip begins")
    }

    /// Begins where another clip ends; what of the core lies before belongs to that clip.
    mutating func startLater(at time: MediaTime) {
        guard time > interval.start else { return }
        interval = MediaInterval(start: time, end: interval.end)
        core = MediaInterval(start: max(core.start, time), end: core.end)
        notes.append("begins where the previous clip ends")
    }

    var plan: ClipPlan {
        let ids = moments.map(\.id)
        let lead =
            moments.count == 1
            ? "Moment \(ids[0]): \(moments[0].reason)"
            : "Moments \(ids.map(String.init).joined(separator: ", ")) lie so close that they are one clip."
        return ClipPlan(
            interval: interval,
            core: core,
            moments: ids,
            decision: moments.contains { $0.decision == .instant } ? .instant : .clip,
            score: moments.map(\.score).max() ?? 0,
            reason: notes.isEmpty ? lead : "\(lead) (\(notes.joined(separator: "; ")))"
        )
    }
}
