import HypeCore
import HypeMoments

/// Seeded random numbers (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Random observations and settings for property tests: calm, lively and unseen stretches of random length.
struct RandomStream {
    let settings: MomentSettings
    let observations: [Observation]
    let end: MediaTime

    init(seed: UInt64, seconds: Int = 60) {
        var random = SeededGenerator(seed: seed)
        settings = Self.settings(&random)
        end = MediaTime(seconds: Double(seconds))
        var all: [Observation] = []
        for kind in SignalKind.allCases {
            let step = kind == .face ? 0.5 : 1.0
            all += Self.series(kind, step: step, count: Int(Double(seconds) / step), &random)
        }
        observations = MomentRule.inOrder(all)
    }

    /// Small lengths, so that a short stream holds many moments; some of them drawn at random.
    private static func settings(_ random: inout SeededGenerator) -> MomentSettings {
        var settings = MomentSettings()
        settings.window = .milliseconds(Int.random(in: 0...3_000, using: &random))
        settings.nearWindow = settings.window + .milliseconds(Int.random(in: 0...5_000, using: &random))
        settings.coolDown = settings.window + .milliseconds(Int.random(in: 0...8_000, using: &random))
        settings.lateness = .milliseconds(Int.random(in: 0...30_000, using: &random))
        settings.chatLag = .milliseconds(Int.random(in: 0...12_000, using: &random))
        settings.faceSegment = .milliseconds([500, 1_000, 1_500, 2_500, 4_000].randomElement(using: &random) ?? 4_000)
        settings.longestMoment = .milliseconds(Int.random(in: 4_000...40_000, using: &random))
        settings.voice.longest = .seconds(Int.random(in: 3...60, using: &random))
        settings.face.longest = .seconds(Int.random(in: 3...60, using: &random))
        settings.face.rearm = .milliseconds(Int.random(in: 500...4_000, using: &random))
        settings.face.minimum = .milliseconds(Int.random(in: 0...1_500, using: &random))
        settings.preRoll = .milliseconds(Int.random(in: 0...10_000, using: &random))
        settings.postRoll = .milliseconds(Int.random(in: 0...5_000, using: &random))
        settings.shortestClip = .seconds(Int.random(in: 1...10, using: &random))
        settings.longestClip = .seconds(Int.random(in: 16...60, using: &random))
        return settings
    }

    private static func series(
        _ kind: SignalKind,
        step: Double,
        count: Int,
        _ random: inout SeededGenerator
    ) -> [Observation] {
        var observations: [Observation] = []
        var left = 0
        var level: Double? = 0.1
        for index in 0..<count {
            if left == 0 {
                let isCalm = kind != .face && Int.random(in: 0..<3, using: &random) > 0
                left = Int.random(in: 1...(isCalm ? 20 : 8), using: &random)
                let levels = isCalm ? [0.05, 0.1, 0.2] : [0.1, 0.2, 0.4, 0.55, 0.7, 0.95, nil]
                level = levels.randomElement(using: &random) ?? 0.1
            }
            left -= 1
            let interval = MediaInterval(seconds: Double(index) * step..<Double(index + 1) * step)
            guard let level else {
                observations.append(Observation(kind: kind, interval: interval, missing: "planted"))
                continue
            }
            let score = level + Double.random(in: -0.1...0.1, using: &random)
            var evidence: Evidence?
            if kind == .chat {
                let onset = interval.start - .milliseconds(Int.random(in: 0...12_000, using: &random))
                evidence = .chat(ChatEvidence(messagesPerSecond: 1, uniqueUsers: 9, baseline: 3, onset: onset))
            }
            observations.append(Observation(kind: kind, interval: interval, score: score, evidence: evidence))
        }
        return observations
    }

    /// Runs the rule over observations of this stream.
    func actions(of observations: [Observation]) -> [MomentRule.Action] {
        MomentRule.run(observations, settings: settings, end: end)
    }
}
