import HypeCore
import HypeMoments

/// A recording as its detectors would see it: calm, except where something is planted.
struct Scene {
    private struct Planted {
        let kind: SignalKind
        let interval: MediaInterval
        let score: Double
        var onset: MediaTime?
        var missing: String?
    }

    /// Observations per second of each kind.
    static let rates: [SignalKind: Int] = [.chat: 1, .voice: 2, .face: 4]

    let seconds: Int
    var calm = 0.1
    private var planted: [Planted] = []
    private var unobserved: [SignalKind] = []

    init(seconds: Int = 240) {
        self.seconds = seconds
    }

    /// Plants a stretch with a score.
    func with(_ kind: SignalKind, _ range: Range<Double>, score: Double = 0.9, onset: Double? = nil) -> Scene {
        var scene = self
        scene.planted.append(
            Planted(
                kind: kind,
                interval: MediaInterval(seconds: range),
                score: score,
                onset: onset.map { MediaTime(seconds: $0) }
            )
        )
        return scene
    }

    /// Plants a stretch that cannot be seen.
    func missing(_ kind: SignalKind, _ range: Range<Double>, reason: String = "covered") -> Scene {
        var scene = self
        scene.planted.append(
            Planted(kind: kind, interval: MediaInterval(seconds: range), score: 0, missing: reason)
        )
        return scene
    }

    /// Leaves a kind out altogether.
    func without(_ kind: SignalKind) -> Scene {
        var scene = self
        scene.unobserved.append(kind)
        return scene
    }

    /// All observations in the order in which they become known.
    var observations: [Observation] {
        let kinds = SignalKind.allCases.filter { !unobserved.contains($0) }
        return MomentRule.inOrder(kinds.flatMap(observations(of:)))
    }

    private func observations(of kind: SignalKind) -> [Observation] {
        let rate = Self.rates[kind] ?? 1
        return (0..<(seconds * rate)).map { step in
            let interval = MediaInterval(seconds: Double(step) / Double(rate)..<Double(step + 1) / Double(rate))
            let here = planted.last { $0.kind == kind && $0.interval.contains(interval.start) }
            if let reason = here?.missing { return Observation(kind: kind, interval: interval, missing: reason) }
            return Observation(
                kind: kind,
                interval: interval,
                score: here?.score ?? calm,
                evidence: kind == .chat ? Self.chatEvidence(onset: here?.onset) : nil
            )
        }
    }

    private static func chatEvidence(onset: MediaTime?) -> Evidence {
        .chat(ChatEvidence(messagesPerSecond: 1, uniqueUsers: 5, baseline: 4, onset: onset))
    }

    /// Runs the rule over everything.
    func actions(_ settings: MomentSettings = MomentSettings()) -> [MomentRule.Action] {
        MomentRule.run(observations, settings: settings, end: MediaTime(seconds: Double(seconds)))
    }

    /// What is decided in the end, moments and near misses by their number.
    func outcome(_ settings: MomentSettings = MomentSettings()) -> [Moment] {
        actions(settings).compactMap(\.final).sorted { $0.id < $1.id }
    }
}

extension MomentRule {
    static func run(_ observations: [Observation], settings: MomentSettings, end: MediaTime) -> [Action] {
        var rule = MomentRule(settings: settings)
        var actions: [Action] = []
        for observation in observations { actions += rule.ingest(observation) }
        return actions + rule.finish(at: end)
    }
}

extension MomentRule.Action {
    /// The moment or near miss, once it will not change any more.
    var final: Moment? {
        switch self {
        case .settled(let moment), .nearMiss(let moment): moment
        case .signal, .decided, .upgraded, .absorbed, .due: nil
        }
    }
}

func time(_ seconds: Double) -> MediaTime { MediaTime(seconds: seconds) }
func span(_ start: Double, _ end: Double) -> MediaInterval { MediaInterval(seconds: start..<end) }
