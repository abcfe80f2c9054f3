import Foundation
import HypeCore
import HypeMoments

/// Lets the rule decide on everything that was observed, and the planner plan the clips.
struct Jury: Sendable {
    /// What was decided.
    struct Verdict: Sendable {
        /// Moments and near misses in order of time.
        var moments: [Moment]
        /// The clips to cut, in order of time.
        var plans: [ClipPlan]
        /// The decision log, as JSON lines.
        var log: Data
    }

    let settings: MomentSettings
    let recording: MediaInterval

    /// Decides about a whole recording.
    ///
    /// - Parameters:
    ///   - observations: Of all kinds, in any order.
    ///   - speech: Where somebody speaks, so that clips begin and end in pauses.
    /// - Returns: Moments, plans and the log.
    /// - Throws: `MomentError` where the log cannot be encoded.
    func decide(_ observations: [Observation], speech: [MediaInterval]) throws -> Verdict {
        var rule = LoggedRule(settings: settings)
        var moments: [Int: Moment] = [:]
        func take(_ actions: [MomentRule.Action]) {
            for action in actions {
                switch action {
                case .settled(let moment), .nearMiss(let moment): moments[moment.id] = moment
                case .signal, .decided, .upgraded, .absorbed, .due: break
                }
            }
        }
        for observation in MomentRule.inOrder(observations) { take(rule.ingest(observation)) }
        take(rule.finish(at: recording.end))
        let sorted = moments.values.sorted { ($0.core.start, $0.id) < ($1.core.start, $1.id) }
        return Verdict(
            moments: sorted,
            plans: ClipPlanner(settings: settings).plan(sorted, speech: speech, recording: recording),
            log: try DecisionLog(settings: settings, entries: rule.takeEntries()).data()
        )
    }
}
