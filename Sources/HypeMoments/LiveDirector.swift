package import HypeCore

/// Turns what the detectors of a live stream say into what is to be done about it.
///
/// A pure state machine around ``MomentRule``, ``FaceDemand``, ``ClipPlanner`` and ``LagEstimator``: the same calls give
/// the same orders, and once the stream is over the clips are those that the planner makes of the settled moments. Clips
/// keep their number while a moment grows, becomes instant or merges with another, so that each is one clip that gets
/// better and never two that overlap.
package struct LiveDirector: Sendable {
    /// Something to be done.
    package enum Order: Hashable, Sendable {
        /// Look at faces in one cell of the grid.
        case watch(MediaInterval)
        /// The chat began to rise.
        case spike(ChatSpike)
        /// A moment or a near miss became known, or known better.
        case moment(Moment)
        /// Cut a clip, or cut it again because it changed.
        case cut(Cut)
        /// The clip with this number became part of another one.
        case withdraw(clip: Int, into: Int)
        /// Chat reacts so late on this channel.
        case lag(ChatLag)
    }

    /// A clip to be cut.
    package struct Cut: Hashable, Sendable {
        /// Number of the clip within the session, from 1; the same for every version of a clip.
        package var clip: Int
        /// What it shows.
        package var plan: ClipPlan
        /// The moments in it as they are known now, in the order of their cores.
        package var moments: [Moment]
        /// Whether to wait for the end of ``plan``; else the clip ends with what is there.
        package var isWhole: Bool
    }

    /// How much of the stream the chat lag is estimated from.
    private static let lagMemory: Duration = .seconds(1_800)
    /// Media time between two estimates of the chat lag.
    private static let lagPause: Duration = .seconds(60)
    /// An estimate that differs by less than this changes nothing.
    private static let lagStep: Duration = .milliseconds(500)
    /// What ended so long ago is not planned any more.
    private static let planMemory: Duration = .seconds(240)

    private struct Known {
        var moment: Moment
        /// Nil until the rule said that it is due; then whether with its post-roll.
        var due: Bool?
        var isSettled = false
    }

    private var settings: MomentSettings
    private var rule: MomentRule
    private var demand: FaceDemand
    private var spikes: ChatSpikes
    private var known: [Int: Known] = [:]
    private var clips: [Int: Int] = [:]
    private var ordered: [Int: Cut] = [:]
    private var clipCount: Int
    private var speech: [MediaInterval] = []
    private var chat: [Observation] = []
    private var voice: [Observation] = []
    private var nextEstimate: MediaTime?
    private var end: MediaTime?

    /// Creates a director that has seen nothing.
    ///
    /// - Parameters:
    ///   - settings: The thresholds, with the chat lag to begin with; check them with ``MomentSettings/validate()`` first.
    ///   - firstClip: Number of the first clip.
    package init(settings: MomentSettings, firstClip: Int = 1) {
        self.settings = settings
        rule = MomentRule(settings: settings)
        demand = FaceDemand(settings: settings)
        spikes = ChatSpikes(settings: settings)
        clipCount = max(0, firstClip - 1)
    }

    /// How long chat takes to react, as it is assumed now.
    package var chatLag: Duration { rule.chatLag }

    /// A number for a clip that is not the director's own, such as one that a person asked for.
    package mutating func takeClipNumber() -> Int {
        clipCount += 1
        return clipCount
    }

    /// Takes the next observation, in the order in which observations become known.
    package mutating func ingest(_ observation: Observation) -> [Order] {
        var orders: [Order] = []
        if observation.kind != .face {
            orders += demand.ingest(observation).flatMap(cells).map(Order.watch)
            remember(observation)
        }
        if let spike = spikes.ingest(observation) { orders.append(.spike(spike)) }
        return orders + follow(rule.ingest(observation))
    }

    /// Takes stretches of speech, so that clips begin and end in pauses.
    package mutating func heard(_ stretches: [MediaInterval]) {
        speech = (speech + stretches).merged()
        if let latest = speech.last?.end { speech.removeAll { $0.end < latest - Self.planMemory } }
    }

    /// Lets media time pass.
    package mutating func advance(to time: MediaTime) -> [Order] {
        var orders = follow(rule.advance(to: time))
        if time >= nextEstimate ?? (time - .nanoseconds(1)) {
            nextEstimate = time + Self.lagPause
            orders += estimateLag(at: time)
            forget(before: time - Self.planMemory)
        }
        return orders
    }

    /// Ends the stream: everything that waits for more is decided with what is known.
    package mutating func finish(at end: MediaTime) -> [Order] {
        self.end = end
        return follow(rule.finish(at: end))
    }

    /// The cells of the face grid that a stretch consists of.
    private func cells(_ interval: MediaInterval) -> [MediaInterval] {
        let whole = settings.cells(covering: interval)
        let length = max(1, settings.faceSegment.nanoseconds)
        return stride(from: whole.start.nanoseconds, to: whole.end.nanoseconds, by: Int64.Stride(length)).map {
            MediaInterval(start: MediaTime(nanoseconds: $0), end: MediaTime(nanoseconds: $0 + length))
        }
    }
}

// MARK: - Moments

extension LiveDirector {
    private mutating func follow(_ actions: [MomentRule.Action]) -> [Order] {
        var orders: [Order] = []
        var isChanged = false
        for action in actions {
            switch action {
            case .decided(let moment), .upgraded(let moment):
                note(moment)
                orders.append(.moment(moment))
            case .absorbed(let gone, let moment):
                note(moment)
                orders.append(.moment(moment))
                orders += merge(gone, into: moment.id)
                isChanged = true
            case .due(let moment, let isComplete):
                note(moment)
                known[moment.id]?.due = isComplete
                isChanged = true
            case .settled(let moment):
                if known[moment.id]?.moment != moment { orders.append(.moment(moment)) }
                note(moment)
                known[moment.id]?.isSettled = true
            case .nearMiss(let moment):
                orders.append(.moment(moment))
            case .signal:
                break
            }
        }
        return isChanged ? orders + plan() : orders
    }

    private mutating func note(_ moment: Moment) {
        known[moment.id, default: Known(moment: moment)].moment = moment
    }

    /// Gives the clip of a moment that became part of another to that one.
    private mutating func merge(_ gone: Int, into moment: Int) -> [Order] {
        let was = known.removeValue(forKey: gone)
        if known[moment]?.due == nil { known[moment]?.due = was?.due }
        guard let clip = clips.removeValue(forKey: gone) else { return [] }
        return give(clip, to: moment)
    }

    /// Makes a clip that of a moment; where the moment has one already, the later one is withdrawn.
    private mutating func give(_ clip: Int, to moment: Int) -> [Order] {
        guard let other = clips[moment], other != clip else {
            clips[moment] = clip
            return []
        }
        let (kept, withdrawn) = (min(clip, other), max(clip, other))
        for (key, value) in clips where value == withdrawn { clips[key] = kept }
        clips[moment] = kept
        return ordered.removeValue(forKey: withdrawn) == nil ? [] : [.withdraw(clip: withdrawn, into: kept)]
    }

    /// Plans all clips that are due, and orders those that are not what was ordered before.
    private mutating func plan() -> [Order] {
        let due = known.values.filter { $0.due != nil }.map(\.moment)
        guard let last = due.map(\.core.end).max() else { return [] }
        // While the stream goes on, nothing but the planner's own lengths limits a clip. Media time begins at zero.
        let reach = settings.longestClip + settings.longestClip
        let stream = MediaInterval(start: .zero, end: end ?? max(.zero, last) + reach)
        var orders: [Order] = []
        for plan in ClipPlanner(settings: settings).plan(due, speech: speech, recording: stream) {
            for (one, other) in zip(plan.moments, plan.moments.dropFirst()) {
                guard let clip = clips[one] else { continue }
                orders += give(clip, to: other)
            }
            let clip = plan.moments.compactMap { clips[$0] }.min() ?? takeClipNumber()
            for moment in plan.moments { clips[moment] = clip }
            let cut = Cut(
                clip: clip,
                plan: plan,
                moments: plan.moments.compactMap { known[$0]?.moment },
                isWhole: plan.moments.allSatisfy { known[$0]?.due == true }
            )
            guard ordered[clip].map({ !$0.shows(cut) }) ?? true else { continue }
            ordered[clip] = cut
            orders.append(.cut(cut))
        }
        return orders
    }

    private mutating func forget(before time: MediaTime) {
        let gone = known.filter { $0.value.isSettled && $0.value.moment.core.end < time }.keys
        for moment in gone {
            known[moment] = nil
            guard let clip = clips.removeValue(forKey: moment), !clips.values.contains(clip) else { continue }
            ordered[clip] = nil
        }
        demand.forget(before: time)
    }
}

extension LiveDirector.Cut {
    /// Whether a clip that was cut like this need not be cut again.
    fileprivate func shows(_ other: LiveDirector.Cut) -> Bool {
        plan.interval == other.plan.interval && plan.moments == other.plan.moments && isWhole == other.isWhole
            && plan.decision == other.plan.decision
    }
}

// MARK: - Chat lag

extension LiveDirector {
    private mutating func remember(_ observation: Observation) {
        guard observation.score != nil else { return }
        if observation.kind == .chat { chat.append(observation) } else { voice.append(observation) }
    }

    private mutating func estimateLag(at time: MediaTime) -> [Order] {
        let horizon = time - Self.lagMemory
        chat.removeAll { $0.interval.end < horizon }
        voice.removeAll { $0.interval.end < horizon }
        let estimate = LagEstimator(settings: settings).estimate(chat: chat, reactions: voice)
        guard estimate.confidence >= LagEstimator.confidence else { return [] }
        let change = estimate.lag - rule.chatLag
        guard change.nanoseconds.magnitude >= Self.lagStep.nanoseconds.magnitude else { return [] }
        settings.chatLag = estimate.lag
        rule.chatLag = estimate.lag
        demand.chatLag = estimate.lag
        spikes.chatLag = estimate.lag
        return [.lag(estimate)]
    }
}
