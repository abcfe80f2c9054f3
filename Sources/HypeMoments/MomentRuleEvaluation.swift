import HypeCore

/// What follows from the signals as they are known now.
extension MomentRule {
    /// Lets moments grow, merge and begin until nothing changes, and says what is new.
    mutating func evaluate() -> [Action] {
        var actions: [Action] = []
        repeat {
            growMoments()
            actions += mergeMoments()
        } while joinSignals() || pairSignals(&actions)
        return actions + announce()
    }

    /// The stretch that a signal adds to a moment.
    func contribution(of signal: Signal) -> MediaInterval {
        guard signal.kind == .chat else { return signal.interval }
        let end = min(signal.interval.end, signal.interval.start + settings.chatReach)
        return MediaInterval(start: signal.interval.start, end: end)
    }

    private mutating func growMoments() {
        for index in moments.indices where !moments[index].isSealed {
            let wanted = moments[index].members.compactMap { tracker[$0] }
                .reduce(moments[index].core) { $0.union(contribution(of: $1.signal)) }
            guard wanted != moments[index].core else { continue }
            var grown = moments[index]
            grown.grow(to: wanted, longest: settings.longestMoment)
            grown.changedAt = now
            let others = past.map(\.core) + moments.filter { $0.isSealed && $0.id != grown.id }.map(\.core)
            if others.allSatisfy({ !$0.touches(grown.core) }) {
                moments[index] = grown
            } else {
                moments[index].isSealed = true
            }
        }
    }

    /// Joins moments that came within the window of each other.
    private mutating func mergeMoments() -> [Action] {
        var actions: [Action] = []
        moments.sort { $0.core.start < $1.core.start }
        var index = 0
        while index + 1 < moments.count {
            let (left, right) = (moments[index], moments[index + 1])
            let whole = left.core.union(right.core)
            guard left.core.gap(to: right.core) <= settings.window else {
                index += 1
                continue
            }
            guard whole.duration <= settings.longestMoment else {
                separate(index)
                index += 1
                continue
            }
            var kept = left.id < right.id ? left : right
            let gone = left.id < right.id ? right : left
            kept.members.formUnion(gone.members)
            kept.core = whole
            kept.changedAt = now
            kept.isSealed = left.isSealed || right.isSealed
            tracker.setFate(.joined(moment: kept.id), of: gone.members)
            moments.remove(at: index + 1)
            moments[index] = kept
            if gone.announced != nil { actions.append(.absorbed(id: gone.id, into: document(of: kept))) }
        }
        return actions
    }

    /// Ends two neighbours that must not become one; where they overlap, the later one begins after the earlier one.
    private mutating func separate(_ index: Int) {
        moments[index].isSealed = true
        moments[index + 1].isSealed = true
        let boundary = moments[index].core.end
        guard moments[index + 1].core.start < boundary else { return }
        moments[index + 1].core = MediaInterval(start: boundary, end: moments[index + 1].core.end)
        moments[index + 1].changedAt = now
    }

    /// Lets free signals join the moments that they agree with; says whether one did.
    private mutating func joinSignals() -> Bool {
        for tracked in tracker.signals where tracked.isFree {
            let index = moments.firstIndex {
                !$0.isSealed && $0.core.gap(to: tracked.signal.interval) <= settings.window
            }
            guard let index else { continue }
            moments[index].members.insert(tracked.key)
            tracker.setFate(.joined(moment: moments[index].id), of: [tracked.key])
            return true
        }
        return false
    }

    /// Makes a moment, or a near miss, of the first two free signals that agree; says whether there were two.
    private mutating func pairSignals(_ actions: inout [Action]) -> Bool {
        let free = tracker.signals.filter(\.isFree)
            .sorted { ($0.signal.interval.start, $0.key) < ($1.signal.interval.start, $1.key) }
        for (position, first) in free.enumerated() {
            let partner = free.dropFirst(position + 1).first {
                $0.key.kind != first.key.kind && $0.signal.interval.gap(to: first.signal.interval) <= settings.window
            }
            guard let partner else { continue }
            let later = contribution(of: partner.signal)
            var moment = OpenMoment(
                id: nextID,
                members: [first.key, partner.key],
                core: MediaInterval(start: later.start, end: later.start),
                changedAt: now,
                decidedAt: now
            )
            moment.grow(to: later.union(contribution(of: first.signal)), longest: settings.longestMoment)
            if let neighbour = neighbourInCoolDown(of: moment.core) {
                noteCoolDown(of: moment, after: neighbour, in: &actions)
            } else {
                _ = takeID()
                tracker.setFate(.joined(moment: moment.id), of: moment.members)
                moments.append(moment)
            }
            return true
        }
        return false
    }

    /// The nearest moment that is too close for another to begin, and how far it is.
    private func neighbourInCoolDown(of core: MediaInterval) -> (id: Int, gap: Duration)? {
        let known = past + moments.map { (id: $0.id, core: $0.core) }
        return known.map { (id: $0.id, gap: $0.core.gap(to: core)) }
            .filter { $0.gap < settings.coolDown }
            .min { ($0.gap, $0.id) < ($1.gap, $1.id) }
    }

    private mutating func noteCoolDown(
        of pair: OpenMoment,
        after neighbour: (id: Int, gap: Duration),
        in actions: inout [Action]
    ) {
        let free = tracker.signals.filter { tracked in
            tracked.isFree && tracked.signal.interval.gap(to: pair.core) <= settings.window
                && !pair.kinds.contains(tracked.key.kind)
        }
        let members = pair.members.union(free.map(\.key))
        tracker.setFate(.noted, of: members)
        let votes = votes(of: members, around: pair.core)
        let reason = Reason.coolDown(votes: votes, neighbour: neighbour.id, gap: neighbour.gap, settings: settings)
        actions.append(.nearMiss(nearMiss(.coolDown, core: pair.core, votes: votes, reason: reason)))
    }

    /// Tells of new moments, and of those that became instant.
    private mutating func announce() -> [Action] {
        var actions: [Action] = []
        for index in moments.indices.sorted(by: { moments[$0].id < moments[$1].id }) {
            let decision = moments[index].decision
            guard moments[index].announced != decision else { continue }
            let isNew = moments[index].announced == nil
            moments[index].announced = decision
            moments[index].decidedAt = now
            let document = document(of: moments[index])
            actions.append(isNew ? .decided(document) : .upgraded(document))
        }
        return actions
    }
}
