import HypeCore

/// What happens because time has passed.
extension MomentRule {
    private enum Deadline {
        case due(Int, complete: Bool)
        case settle(Int)
        case complete(TrackedSignal.Key)

        var rank: Int {
            switch self {
            case .due: 0
            case .settle: 1
            case .complete: 2
            }
        }
    }

    /// Does everything whose time has come, in the order of the deadlines.
    ///
    /// - Parameter limit: The latest deadline to meet, or nil to meet all at the present time.
    /// - Returns: What follows, in the order of the deadlines.
    mutating func passDeadlines(until limit: MediaTime?) -> [Action] {
        if let limit, let soonest, limit < soonest { return [] }
        var actions: [Action] = []
        while let next = nextDeadline() {
            if let limit {
                guard next.time <= limit else {
                    soonest = next.time
                    return actions
                }
                setClock(next.time)
            }
            switch next.deadline {
            case .due(let id, let complete): actions += cut(id, complete: complete)
            case .settle(let id): actions += settle(id)
            case .complete(let key): actions += report(key)
            }
        }
        soonest = .distantFuture
        return actions
    }

    private func nextDeadline() -> (time: MediaTime, deadline: Deadline)? {
        var next: (time: MediaTime, deadline: Deadline)?
        func consider(_ time: MediaTime, _ deadline: Deadline) {
            if let known = next, (known.time, known.deadline.rank) <= (time, deadline.rank) { return }
            next = (time, deadline)
        }
        for moment in moments {
            for deadline in deadlines(of: moment) { consider(deadline.time, deadline.deadline) }
        }
        for tracked in tracker.signals where !tracked.isReported {
            consider(patience(after: tracked.signal.interval), .complete(tracked.key))
        }
        return next
    }

    /// Until when something may still become known that agrees with a stretch.
    private func patience(after interval: MediaInterval) -> MediaTime {
        interval.end + settings.window + settings.lateness
    }

    private func deadlines(of moment: OpenMoment) -> [(time: MediaTime, deadline: Deadline)] {
        let rolled = max(moment.core.end + settings.postRoll, moment.changedAt + OpenMoment.steady)
        let settled = max(rolled, patience(after: moment.core))
        var deadlines = [(time: settled, deadline: Deadline.settle(moment.id))]
        let isWhole = moment.cut.map { $0.isComplete && $0.core == moment.core } ?? false
        if !isWhole { deadlines.append((time: rolled, deadline: .due(moment.id, complete: true))) }
        if moment.cut == nil, moment.announced == .instant, rolled > now {
            deadlines.append((time: moment.decidedAt, deadline: .due(moment.id, complete: false)))
        }
        return deadlines
    }

    private mutating func cut(_ id: Int, complete: Bool) -> [Action] {
        guard let index = moments.firstIndex(where: { $0.id == id }) else { return [] }
        moments[index].cut = (core: moments[index].core, isComplete: complete)
        return [.due(document(of: moments[index]), complete: complete)]
    }

    private mutating func settle(_ id: Int) -> [Action] {
        guard let index = moments.firstIndex(where: { $0.id == id }) else { return [] }
        let moment = moments.remove(at: index)
        past.append((id: moment.id, core: moment.core))
        return [.settled(document(of: moment))]
    }

    /// Reports a signal as complete, and notes it as a near miss where it should be one.
    private mutating func report(_ key: TrackedSignal.Key) -> [Action] {
        guard let tracked = tracker[key] else { return [] }
        tracker.setReported(key)
        var actions = [Action.signal(tracked.signal)]
        guard tracked.isFree, key.kind != .face else { return actions }
        if let partner = partnerOutOfWindow(of: tracked) {
            tracker.setFate(.noted, of: [key, partner.key])
            let core = contribution(of: tracked.signal).union(contribution(of: partner.signal))
            let votes = votes(of: [key, partner.key], around: core)
            let gap = tracked.signal.interval.gap(to: partner.signal.interval)
            let reason = Reason.apart(votes: votes, gap: gap, settings: settings)
            actions.append(.nearMiss(nearMiss(.apart, core: core, votes: votes, reason: reason)))
        } else if tracked.signal.score >= settings.strong {
            tracker.setFate(.noted, of: [key])
            let core = contribution(of: tracked.signal)
            let votes = votes(of: [key], around: core)
            let reason = Reason.lone(votes: votes)
            actions.append(.nearMiss(nearMiss(.lone, core: core, votes: votes, reason: reason)))
        }
        return actions
    }

    private func partnerOutOfWindow(of tracked: TrackedSignal) -> TrackedSignal? {
        tracker.signals
            .filter { $0.isFree && $0.key.kind != tracked.key.kind }
            .map { (other: $0, gap: $0.signal.interval.gap(to: tracked.signal.interval)) }
            .filter { $0.gap > settings.window && $0.gap <= settings.nearWindow }
            .min { ($0.gap, $0.other.key) < ($1.gap, $1.other.key) }?.other
    }
}

extension MediaTime {
    /// Later than any time of a stream.
    fileprivate static let distantFuture = MediaTime(nanoseconds: .max)
}
