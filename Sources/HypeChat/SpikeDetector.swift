package import HypeCore

/// Finds the moments at which many more people write than usual.
///
/// Every second it compares the distinct users of the last 20 s with their lagging mean by a likelihood ratio that is
/// divided by how much the count scatters (chat scatters about 16 times as much as a Poisson process would). It is a pure
/// state machine: same messages, same observations.
package struct SpikeDetector: Sendable {
    /// One call of ``advance(to:)`` reports at most so many seconds: two days.
    package static let longestAdvance = 172_800

    /// What is known of the ordinary level after a shorter time says nothing.
    private static let shortestPrior: Duration = .seconds(120)

    /// The texts of a rise are gathered again when its score has grown by this much; counting them is what costs most.
    private static let textStep = 0.05

    /// What the detector works with.
    package let settings: Settings
    /// The end of the last second that was reported.
    package private(set) var now: MediaTime
    /// Messages that came more than a window too late and were left out.
    package private(set) var lateMessages = 0

    private let start: MediaTime
    private var pending: [ChatMessage] = []
    private var pendingHead = 0
    private var window: ChatWindow
    private var users: LaggedBaseline
    private var lines: LaggedBaseline
    private var onset: OnsetEstimator
    /// The texts at the highest score of the present rise.
    private var topMessages: [RepeatedText] = []
    /// The score at which ``topMessages`` were gathered.
    private var risenTo = 0.0

    /// Creates a detector.
    ///
    /// - Parameters:
    ///   - start: Where the recording begins. Messages before it only make their authors known.
    ///   - settings: What is taken for a spike.
    package init(start: MediaTime = .zero, settings: Settings = Settings()) {
        self.start = start
        self.settings = settings
        now = start
        window = ChatWindow(settings)
        let timeConstant = Int(min(86_400, max(1, settings.baselineTime.inSeconds)))
        let lag = Int(min(86_400, max(1, (settings.window + settings.baselineLag).inSeconds)))
        let prior = settings.baselinePrior
        users = LaggedBaseline(
            timeConstant: timeConstant,
            lag: lag,
            floor: settings.minimumBaseline,
            residualLimit: settings.residualLimit,
            prior: prior.map { ($0.uniqueUsers, $0.dispersion) }
        )
        lines = LaggedBaseline(
            timeConstant: timeConstant,
            lag: lag,
            floor: settings.minimumBaseline,
            residualLimit: settings.residualLimit,
            prior: prior.map { ($0.lines, $0.lineDispersion) }
        )
        onset = OnsetEstimator(
            timeConstant: timeConstant,
            lag: lag,
            prior: prior.map { $0.uniqueUsers / max(1, settings.window.inSeconds) }
        )
    }

    /// Takes in a line of chat; it counts from the second that follows it.
    ///
    /// Lines may come up to one window late; what comes later still is left out and counted.
    package mutating func ingest(_ message: ChatMessage) {
        var message = message
        if message.time < now, now > start {
            guard now - message.time < settings.window else {
                lateMessages += 1
                return
            }
            message.time = now
        }
        if let last = pending.last, pendingHead < pending.count, message.time < last.time {
            let place = pending[pendingHead...].firstIndex { $0.time > message.time } ?? pending.endIndex
            pending.insert(message, at: place)
        } else {
            pending.append(message)
        }
    }

    /// Moves on and reports each whole second that has passed.
    ///
    /// Beyond ``longestAdvance`` seconds the seconds in between are passed over without a report.
    /// - Parameter time: Until when the chat is complete.
    /// - Returns: One observation per second.
    package mutating func advance(to time: MediaTime) -> [Observation] {
        guard time > now else { return [] }
        let (span, overflow) = time.nanoseconds.subtractingReportingOverflow(now.nanoseconds)
        let seconds = overflow ? Int64.max / 1_000_000_000 : span / 1_000_000_000
        let reported = min(seconds, Int64(Self.longestAdvance))
        now = now + .seconds(seconds - reported)
        return (0..<reported).map { _ in
            now = now + .seconds(1)
            while pendingHead < pending.count, pending[pendingHead].time < now {
                take(pending[pendingHead])
                pendingHead += 1
            }
            if pendingHead == pending.count {
                pending.removeAll(keepingCapacity: true)
                pendingHead = 0
            }
            return closeSecond()
        }
    }

    /// Moves on by one second over messages that are at hand in order, without keeping them.
    ///
    /// - Parameters:
    ///   - messages: Messages by time.
    ///   - index: The first that was not taken in yet; moved on.
    /// - Returns: The observation of the second.
    mutating func observeSecond(_ messages: [ChatMessage], from index: inout Int) -> Observation {
        now = now + .seconds(1)
        while index < messages.count, messages[index].time < now {
            take(messages[index])
            index += 1
        }
        return closeSecond()
    }

    private mutating func take(_ message: ChatMessage) {
        if message.time < start { window.remember(message) } else { window.add(message) }
    }

    /// Closes one second.
    private mutating func closeSecond() -> Observation {
        window.expire(before: now.nanoseconds)

        let count = Double(window.uniqueUsers)
        let lineCount = Double(window.lineCount)
        let raw = window.uniqueUsers >= settings.minimumUsers ? users.evidence(count) * startFactor : 0
        let greeting = isGreetingRaid ? settings.raidDamping : 1
        let score = Self.score(raw * greeting, threshold: settings.threshold)
        let lineEvidence = lines.evidence(lineCount) * startFactor

        var evidence = ChatEvidence(
            messagesPerSecond: Double(window.messageCount) / windowSeconds,
            uniqueUsers: window.uniqueUsers,
            baseline: users.level
        )
        let isSuppressed = score < 0.5 && (lineEvidence >= settings.threshold || raw >= settings.threshold)
        if score >= settings.evidenceScore || isSuppressed {
            evidence.onset = onset.estimate(now: now)
            if score >= risenTo + Self.textStep || topMessages.isEmpty {
                topMessages = window.topMessages(settings.topMessageCount)
                risenTo = score
            }
            evidence.topMessages = topMessages
            if isSuppressed { evidence.suppressed = window.suppressionReason(isGreetingRaid: isGreetingRaid) }
        }
        if score < settings.evidenceScore {
            topMessages = []
            risenTo = 0
        }
        users.add(count)
        lines.add(lineCount)
        onset.add(window.arrivals)
        window.arrivals = 0
        let second = MediaInterval(start: now - .seconds(1), end: now)
        return Observation(kind: .chat, interval: second, score: score, evidence: .chat(evidence))
    }

    /// Maps evidence to 0…1 so that the threshold becomes 0.5.
    static func score(_ evidence: Double, threshold: Double) -> Double {
        evidence / (evidence + max(threshold, 1e-9))
    }

    /// The ordinary level as it is known now, for a detector that goes on later; nil in the first minute.
    package var prior: BaselinePrior? {
        guard age >= Self.shortestPrior else { return nil }
        return BaselinePrior(
            uniqueUsers: users.level,
            dispersion: users.dispersion,
            lines: lines.level,
            lineDispersion: lines.dispersion
        )
    }

    private var age: Duration { now - start }

    private var windowSeconds: Double { max(1, min(age, settings.window).inSeconds) }

    private var startFactor: Double {
        if age < settings.silentStart { return 0 }
        return age < settings.dampedStart ? settings.startDamping : 1
    }

    private var isGreetingRaid: Bool {
        guard let raid = window.lastRaid else { return false }
        return now.nanoseconds - raid < settings.raidGreeting.nanoseconds
    }
}
