import HypeCore

/// The documents that the rule hands out.
extension MomentRule {
    func document(of moment: OpenMoment) -> Moment {
        let votes = votes(of: moment.members, around: moment.core)
        return Moment(
            id: moment.id,
            decision: moment.decision,
            core: moment.core,
            votes: votes,
            reason: Reason.agreement(votes: votes),
            decidedAt: moment.decidedAt
        )
    }

    mutating func nearMiss(_ miss: Moment.Miss, core: MediaInterval, votes: [Vote], reason: String) -> Moment {
        Moment(
            id: takeID(),
            decision: .nearMiss,
            miss: miss,
            core: core,
            votes: votes,
            reason: reason,
            decidedAt: now
        )
    }

    /// What each kind says about a stretch for which some signals speak.
    func votes(of members: Set<TrackedSignal.Key>, around core: MediaInterval) -> [Vote] {
        let signals = members.sorted().compactMap { tracker[$0]?.signal }
        return SignalKind.allCases.map { kind in
            let own = signals.filter { $0.kind == kind }
            guard let best = own.max(by: { $0.score < $1.score }) else {
                return tracker.look(at: core.expanded(before: settings.window, after: settings.window), kind: kind)
            }
            return Vote(
                kind: kind,
                state: .present,
                interval: own.map(\.interval).reduce(best.interval) { $0.union($1) },
                score: best.score,
                evidence: best.evidence
            )
        }
    }
}
