package import HypeCore

/// Decides which stretches of a stream are moments: two of three signals within a window.
///
/// A pure state machine: the same calls give the same actions. Observations come in the order in which they become
/// known: live as the detectors deliver them, for a recording sorted with ``inOrder(_:)``. Chat reacts late; its signals
/// are moved back by the chat lag and agree with voice and face signals of the past, which are remembered for that.
///
/// - Two kinds within ``MomentSettings/window`` are a clip, which is due when its post-roll has passed. A third kind
///   makes it instant, also when it becomes known later. All three at once are due at once.
/// - What could not be seen is neither a vote for nor one against, and is written down with every decision.
/// - Signals within the window of a moment join it. A pair too close to a moment, within
///   ``MomentSettings/coolDown``, is a near miss.
/// - A strong chat or voice signal that stays alone, and two signals out of the window, are near misses too. Faces are
///   only looked at around chat and voice (see ``FaceDemand``), so a face alone is never one.
package struct MomentRule: Sendable {
    /// The thresholds.
    package let settings: MomentSettings
    /// The latest media time that the rule knows of; nil before the first observation.
    package private(set) var clock: MediaTime?

    var tracker: SignalTracker
    var moments: [OpenMoment] = []
    /// Cores of settled moments, for the cool-down.
    var past: [(id: Int, core: MediaInterval)] = []
    var nextID = 1
    /// The earliest deadline; nil where it has to be looked for.
    var soonest: MediaTime?
    private var nextCleaning = MediaTime.zero

    /// Media time between two looks at what can be forgotten.
    private static let cleaningInterval: Duration = .seconds(10)

    /// Creates a rule that knows of nothing yet.
    ///
    /// - Parameter settings: The thresholds; check them with ``MomentSettings/validate()`` first.
    package init(settings: MomentSettings = MomentSettings()) {
        self.settings = settings
        tracker = SignalTracker(settings: settings)
    }

    /// How long chat takes to react; a change counts for chat signals that begin from then on.
    package var chatLag: Duration {
        get { tracker.chatLag }
        set { tracker.chatLag = newValue }
    }

    /// The order in which the observations of a recording become known: by their end, then by kind and start.
    package static func inOrder(_ observations: some Sequence<Observation>) -> [Observation] {
        observations.sorted {
            ($0.interval.end, $0.kind, $0.interval.start) < ($1.interval.end, $1.kind, $1.interval.start)
        }
    }

    /// Takes the next observation.
    ///
    /// A face observation may come much later than its time, as it does where faces are analysed on demand.
    package mutating func ingest(_ observation: Observation) -> [Action] {
        guard tracker.matters(observation) else {
            _ = tracker.take(observation)
            return []
        }
        var actions = advance(to: observation.interval.end)
        if tracker.take(observation) {
            soonest = nil
            actions += evaluate()
        }
        return actions + passDeadlines(until: now)
    }

    /// Lets media time pass without an observation, so that what is due becomes known.
    package mutating func advance(to time: MediaTime) -> [Action] {
        guard clock.map({ time > $0 }) ?? true else { return [] }
        let actions = passDeadlines(until: time)
        clock = time
        if time >= nextCleaning {
            nextCleaning = time + Self.cleaningInterval
            let horizon = horizon(at: time)
            tracker.forget(before: horizon)
            past.removeAll { $0.core.end < horizon }
        }
        return actions
    }

    /// Ends the stream: everything that waits for more is decided with what is known.
    package mutating func finish(at end: MediaTime) -> [Action] {
        var actions = advance(to: end)
        tracker.finish()
        soonest = nil
        actions += evaluate()
        actions += passDeadlines(until: nil)
        return actions
    }

    /// The clock, or time zero before the first observation.
    var now: MediaTime { clock ?? .zero }

    mutating func setClock(_ time: MediaTime) { clock = max(now, time) }

    mutating func takeID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    /// What ended before this time cannot matter any more.
    private func horizon(at time: MediaTime) -> MediaTime {
        let longest = max(settings.chat.longest, settings.voice.longest, settings.face.longest)
        let reach =
            SignalGate.onsetReach + ChatLag.range.upperBound + longest + settings.lateness + settings.coolDown
            + settings.nearWindow + settings.faceSegment + settings.faceSegment
        return moments.reduce(time - reach) { min($0, $1.core.start - settings.nearWindow) }
    }
}
