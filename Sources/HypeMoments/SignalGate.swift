package import HypeCore

/// Turns one detector's steady observations into signals, with hysteresis.
///
/// A signal opens at ``GateSettings/open`` and lasts until the score has stayed below ``GateSettings/close`` for
/// ``GateSettings/rearm``. Stretches that could not be seen become signals with state `missing`; they never open a
/// signal, and bridge an open one only as long as a dip may. A stretch without any observation acts like a dip.
/// Works as observations come in; the same observations give the same events however they are spread over calls.
package struct SignalGate: Sendable {
    /// What the gate found out.
    package enum Event: Hashable, Sendable {
        /// A signal counts from now on; its number stays the same for all its events.
        case opened(id: Int, Signal)
        /// An open signal became longer or stronger.
        case grown(id: Int, Signal)
        /// A signal ended.
        case closed(id: Int, Signal)
        /// A stretch ended in which nothing could be seen.
        case missing(id: Int, Signal)
    }

    /// Furthest that chat evidence may place the onset before the observation that opens the signal.
    ///
    /// Real bursts rise from 10 to 90 % in 4 to 39 s, so an onset further back says nothing about this burst.
    package static let onsetReach: Duration = .seconds(60)

    /// Which observations it takes; others are ignored.
    package let kind: SignalKind
    /// How they become signals.
    package let settings: GateSettings
    /// How far signals are moved back, for chat; applies to signals that open from now on.
    package var lag: Duration

    private var run: Run?
    private var gap: Gap?
    private var calmSince: MediaTime?
    private var isSpent = false
    private var nextID = 0

    /// Creates a gate that has seen nothing.
    ///
    /// - Parameters:
    ///   - kind: Which observations it takes.
    ///   - settings: How they become signals.
    ///   - lag: How far signals are moved back on the media clock; used for chat, which reacts late.
    package init(kind: SignalKind, settings: GateSettings, lag: Duration = .zero) {
        self.kind = kind
        self.settings = settings
        self.lag = lag
    }

    /// The signals that are going on, without ending them.
    package var ongoing: [Event] {
        var events: [Event] = []
        if let gap { events.append(.missing(id: gap.id, gap.signal(kind))) }
        if let run, run.isConfirmed { events.append(.grown(id: run.id, run.signal(kind))) }
        return events
    }

    /// Takes the next observation; observations of the kind come in the order of their time.
    package mutating func ingest(_ observation: Observation) -> [Event] {
        guard observation.kind == kind else { return [] }
        var events = advance(to: observation.interval.start)
        guard let score = observation.score else {
            events += extendGap(with: observation)
            return events + advance(to: observation.interval.end)
        }
        events += endGap()
        events += take(score, of: observation)
        return events
    }

    /// Ends the open signal if nothing loud has come for long enough.
    package mutating func advance(to time: MediaTime) -> [Event] {
        guard let run, time - run.loudUntil >= settings.rearm else { return [] }
        return close(run)
    }

    /// Ends everything that is going on.
    package mutating func finish() -> [Event] {
        var events = endGap()
        if let run { events += close(run) }
        return events
    }

    private mutating func take(_ score: Double, of observation: Observation) -> [Event] {
        let interval = observation.interval
        guard var run else {
            settleDown(score, interval)
            guard !isSpent, score >= settings.open else { return [] }
            return keep(Run(id: takeID(), opening: observation, score: score, lag: lag))
        }
        guard score >= settings.close else { return advance(to: interval.end) }
        run.extend(with: observation, score: score, plateau: settings.plateau)
        return keep(run)
    }

    /// Stores the run and says what is new about it.
    private mutating func keep(_ extended: Run) -> [Event] {
        var events: [Event] = []
        var extended = extended
        if extended.isConfirmed {
            events.append(.grown(id: extended.id, extended.signal(kind)))
        } else if extended.loud >= settings.minimum {
            extended.isConfirmed = true
            events.append(.opened(id: extended.id, extended.signal(kind)))
        }
        run = extended
        if extended.loudUntil - extended.openedAt >= settings.longest {
            isSpent = true
            calmSince = nil
            events += close(extended)
        }
        return events
    }

    private mutating func close(_ run: Run) -> [Event] {
        self.run = nil
        return run.isConfirmed ? [.closed(id: run.id, run.signal(kind))] : []
    }

    /// Arms the gate again once it has been calm for long enough after a signal that was cut off.
    private mutating func settleDown(_ score: Double, _ interval: MediaInterval) {
        guard isSpent else { return }
        guard score < settings.close else {
            calmSince = nil
            return
        }
        let since = calmSince ?? interval.start
        calmSince = since
        if interval.end - since >= settings.rearm { isSpent = false }
    }

    private mutating func extendGap(with observation: Observation) -> [Event] {
        let reason = observation.missing ?? "no score"
        if var gap, gap.reason == reason, observation.interval.start - gap.interval.end < settings.rearm {
            gap.interval = gap.interval.union(observation.interval)
            self.gap = gap
            return []
        }
        let events = endGap()
        gap = Gap(id: takeID(), lag: lag, interval: observation.interval, reason: reason)
        return events
    }

    private mutating func endGap() -> [Event] {
        defer { gap = nil }
        return gap.map { [.missing(id: $0.id, $0.signal(kind))] } ?? []
    }

    private mutating func takeID() -> Int {
        defer { nextID += 1 }
        return nextID
    }
}

extension SignalGate {
    /// A signal in the making.
    private struct Run {
        let id: Int
        let openedAt: MediaTime
        let start: MediaTime
        let lag: Duration
        var loudUntil: MediaTime
        var height: MediaTime
        var loud: Duration
        var peak: Double
        var evidence: Evidence?
        var isConfirmed = false

        init(id: Int, opening observation: Observation, score: Double, lag: Duration) {
            self.id = id
            self.lag = lag
            openedAt = observation.interval.start
            start = Self.onset(of: observation) - lag
            loudUntil = observation.interval.end
            height = loudUntil
            loud = observation.interval.duration
            peak = score
            evidence = observation.evidence
        }

        mutating func extend(with observation: Observation, score: Double, plateau: Double) {
            let interval = observation.interval
            loud += max(.zero, interval.end - max(interval.start, loudUntil))
            loudUntil = max(loudUntil, interval.end)
            if score > peak {
                peak = score
                evidence = observation.evidence
            }
            if score >= plateau * peak { height = max(height, interval.end) }
        }

        func signal(_ kind: SignalKind) -> Signal {
            Signal(
                kind: kind,
                interval: MediaInterval(start: start, end: height - lag),
                score: peak,
                state: .present,
                evidence: evidence
            )
        }

        /// Where the detector says that the rise began, kept within reason.
        private static func onset(of observation: Observation) -> MediaTime {
            let start = observation.interval.start
            guard case .chat(let chat)? = observation.evidence, let onset = chat.onset else { return start }
            return min(start, max(onset, start - SignalGate.onsetReach))
        }
    }

    /// A stretch in which nothing could be seen.
    private struct Gap {
        let id: Int
        let lag: Duration
        var interval: MediaInterval
        let reason: String

        func signal(_ kind: SignalKind) -> Signal {
            let shifted = MediaInterval(start: interval.start - lag, end: interval.end - lag)
            return Signal(kind: kind, interval: shifted, score: 0, state: .missing(reason: reason))
        }
    }
}
