package import HypeCore
package import HypeMoments

/// Everything that happens in a recording, in the order in which a viewer would have seen it happen.
///
/// Pure: the rule decides on the observations exactly as `analyze` does, and every step is placed at the media time at which
/// it would have become known in a live stream.
package struct SessionScript: Sendable {
    /// Something that happens.
    package enum Step: Sendable {
        /// A detector saw something.
        case observation(Observation)
        /// The chat began to rise.
        case spike(ChatSpike)
        /// A moment or a near miss became known, or known better.
        case moment(Moment)
        /// A clip is due.
        case clip(ClipPlan)
    }

    /// A step and when it happens.
    package struct Entry: Sendable {
        /// Position on the recording's clock at which the step becomes known.
        package var time: MediaTime
        /// What happens.
        package var step: Step
    }

    /// The steps in order of time.
    package let entries: [Entry]
    /// Moments and near misses as they ended up, in order of time.
    package let moments: [Moment]

    /// Writes the script.
    ///
    /// - Parameters:
    ///   - observations: Of all kinds, in any order.
    ///   - speech: Where somebody speaks, so that clips begin and end in pauses.
    ///   - recording: The stretch that the recording covers.
    ///   - settings: The thresholds, with the chat lag of this recording.
    package init(
        observations: [Observation],
        speech: [MediaInterval],
        recording: MediaInterval,
        settings: MomentSettings
    ) {
        var rule = MomentRule(settings: settings)
        var rises = ChatSpikes(settings: settings)
        var entries: [Entry] = []
        var known: [Int: Moment] = [:]
        var decided: [Int: MediaTime] = [:]

        func note(_ actions: [MomentRule.Action], at time: MediaTime) {
            for action in actions {
                switch action {
                case .decided(let moment), .upgraded(let moment), .absorbed(_, let moment):
                    decided[moment.id] = time
                    entries.append(Entry(time: time, step: .moment(moment)))
                case .settled(let moment), .nearMiss(let moment):
                    if known[moment.id] != moment { entries.append(Entry(time: time, step: .moment(moment))) }
                    known[moment.id] = moment
                case .signal, .due: break
                }
            }
        }

        for observation in MomentRule.inOrder(observations) {
            let time = observation.interval.end
            entries.append(Entry(time: time, step: .observation(observation)))
            if let spike = rises.ingest(observation) { entries.append(Entry(time: time, step: .spike(spike))) }
            note(rule.ingest(observation), at: time)
        }
        note(rule.finish(at: recording.end), at: recording.end)

        moments = known.values.sorted { ($0.core.start, $0.id) < ($1.core.start, $1.id) }
        for plan in ClipPlanner(settings: settings).plan(moments, speech: speech, recording: recording) {
            let known = plan.moments.compactMap { decided[$0] }.max() ?? plan.interval.end
            let due = plan.decision == .instant ? known : max(known, plan.interval.end)
            entries.append(Entry(time: min(due, recording.end), step: .clip(plan)))
        }
        // A stable order, so that what belongs together in one instant stays as it was found out.
        self.entries = entries.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}
