import HypeCore

/// Keeps the observations and signals of the last minutes, with faces only where they are demanded.
struct SignalTracker: Sendable {
    /// Signals in the order in which they became known.
    private(set) var signals: [TrackedSignal] = []

    private let settings: MomentSettings
    private var chat: SignalGate
    private var voice: SignalGate
    private var faces: DemandedFaces
    private var chatSeen = ObservationBuffer()
    private var voiceSeen = ObservationBuffer()

    init(settings: MomentSettings) {
        self.settings = settings
        chat = SignalGate(kind: .chat, settings: settings.chat, lag: settings.chatLag)
        voice = SignalGate(kind: .voice, settings: settings.voice)
        faces = DemandedFaces(settings: settings)
    }

    /// How far chat signals are moved back, from the next one on.
    var chatLag: Duration {
        get { chat.lag }
        set { chat.lag = newValue }
    }

    /// Whether an observation can change a decision now; a face outside of the demanded stretches cannot.
    func matters(_ observation: Observation) -> Bool {
        observation.kind != .face || faces.isDemanded(observation)
    }

    /// Takes an observation; says whether any signal changed.
    mutating func take(_ observation: Observation) -> Bool {
        switch observation.kind {
        case .chat:
            chatSeen.insert(observation)
            return apply(chat.ingest(observation), of: .chat)
        case .voice:
            voiceSeen.insert(observation)
            return apply(voice.ingest(observation), of: .voice)
        case .face:
            return adopt(faces.take(observation))
        }
    }

    /// Ends the signals that are going on.
    mutating func finish() {
        _ = apply(chat.finish(), of: .chat)
        _ = apply(voice.finish(), of: .voice)
    }

    /// Forgets what ended before a time.
    mutating func forget(before time: MediaTime) {
        chatSeen.prune(before: time)
        voiceSeen.prune(before: time)
        let kept = faces.forget(before: time)
        signals.removeAll { $0.signal.interval.end < ($0.key.kind == .face ? min(kept, time) : time) }
    }

    subscript(_ key: TrackedSignal.Key) -> TrackedSignal? { signals.first { $0.key == key } }

    mutating func setFate(_ fate: TrackedSignal.Fate, of keys: some Sequence<TrackedSignal.Key>) {
        for key in keys {
            guard let index = signals.firstIndex(where: { $0.key == key }) else { continue }
            signals[index].fate = fate
        }
    }

    mutating func setReported(_ key: TrackedSignal.Key) {
        guard let index = signals.firstIndex(where: { $0.key == key }) else { return }
        signals[index].isReported = true
    }

    /// What a kind saw in a stretch without speaking for it.
    func look(at stretch: MediaInterval, kind: SignalKind) -> Vote {
        let seen =
            switch kind {
            case .chat: chatSeen.touching(stretch.shifted(by: chat.lag))
            case .voice: voiceSeen.touching(stretch)
            case .face: faces.touching(stretch)
            }
        let scored = seen.filter { $0.score != nil }
        guard !seen.isEmpty else { return Vote(kind: kind, state: .unobserved) }
        guard scored.count * 2 >= seen.count else {
            let reasons = Dictionary(grouping: seen.compactMap(\.missing)) { $0 }
            let reason = reasons.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
            return Vote(kind: kind, state: .missing, reason: reason)
        }
        let best = scored.max { ($0.score ?? 0) < ($1.score ?? 0) }
        return Vote(kind: kind, state: .quiet, score: best?.score, evidence: best?.evidence)
    }

    private mutating func apply(_ events: [SignalGate.Event], of kind: SignalKind) -> Bool {
        for event in events {
            switch event {
            case .opened(let number, let signal):
                signals.append(TrackedSignal(key: .init(kind: kind, number: number), signal: signal))
                demandFaces(around: signal)
            case .missing(let number, let signal):
                signals.append(TrackedSignal(key: .init(kind: kind, number: number), signal: signal))
            case .grown(let number, let signal), .closed(let number, let signal):
                let key = TrackedSignal.Key(kind: kind, number: number)
                guard let index = signals.firstIndex(where: { $0.key == key }) else { continue }
                signals[index].signal = signal
                demandFaces(around: signal)
            }
        }
        return !events.isEmpty
    }

    private mutating func demandFaces(around signal: Signal) {
        _ = adopt(faces.demand(settings.faceArea(around: signal)))
    }

    /// Takes over the face signals as they are known now; one that overlaps a known one is the same one.
    private mutating func adopt(_ found: [Signal]?) -> Bool {
        guard let found else { return false }
        for signal in found {
            let known = signals.indices.filter {
                signals[$0].key.kind == .face && signals[$0].signal.isSame(as: signal)
            }
            guard let first = known.first else {
                signals.append(TrackedSignal(key: .init(kind: .face, number: faces.takeNumber()), signal: signal))
                continue
            }
            signals[first].signal = signal
            for other in known.dropFirst().reversed() {
                if signals[first].fate == .free { signals[first].fate = signals[other].fate }
                signals[first].isReported = signals[first].isReported || signals[other].isReported
                signals.remove(at: other)
            }
        }
        return true
    }
}

extension Signal {
    fileprivate func isSame(as other: Signal) -> Bool { state == other.state && interval.overlaps(other.interval) }
}
