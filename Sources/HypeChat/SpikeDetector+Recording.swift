package import HypeCore

extension SpikeDetector {
    /// A recording shorter than this was cut out of a stream, so it has no greetings at its start.
    package static let shortRecording: Duration = .seconds(1200)
    /// With a known ordinary level, so much of the recording goes by before the first alarm is possible.
    package static let silentStartWithPrior: Duration = .seconds(30)

    /// Observes a whole recording, one observation per second.
    ///
    /// The ordinary level is taken from the log beforehand (``BaselinePrior/init(of:over:settings:)``), so a recording of
    /// a few minutes can have a spike after half a minute. Where there is no chat, the observations are missing with the
    /// reason: no log was given, or the log begins later or ends earlier than the recording.
    /// - Parameters:
    ///   - log: The chat, or nil where there is none.
    ///   - media: The stretch of the recording.
    ///   - settings: What is taken for a spike; its prior is replaced unless it has one.
    /// - Returns: One observation for every whole second of the recording.
    package static func observations(
        of log: ChatLog?,
        over media: MediaInterval,
        settings: Settings = Settings()
    ) -> [Observation] {
        guard let log else { return missing(over: media, reason: "no chat log was given") }
        guard let covered = log.coverage(of: media) else {
            return missing(over: media, reason: "the chat log has no message within the recording")
        }
        var settings = settings
        if settings.baselinePrior == nil, let prior = BaselinePrior(of: log, over: covered, settings: settings) {
            settings.baselinePrior = prior
            settings.silentStart = min(settings.silentStart, silentStartWithPrior)
            if media.duration < shortRecording { settings.dampedStart = settings.silentStart }
        }
        let seen = seconds(of: media, upTo: covered.start)
        let start = media.start + .seconds(seen)
        var detector = SpikeDetector(start: start, settings: settings)
        let count = seconds(of: MediaInterval(start: start, end: media.end), upTo: covered.end)
        let last = start + .seconds(count)
        var index = 0
        return missing(
            over: MediaInterval(start: media.start, end: start),
            reason: "the chat log begins later than the recording"
        ) + (0..<count).map { _ in detector.observeSecond(log.messages, from: &index) }
            + missing(
                over: MediaInterval(start: last, end: media.end),
                reason: "the chat log ends before the recording does"
            )
    }

    /// Observations that say why there is nothing to see, one for every whole second.
    ///
    /// - Parameters:
    ///   - media: The stretch without chat; of more than ``longestAdvance`` seconds only the first are reported.
    ///   - reason: Why there is none, for a person.
    /// - Returns: Observations without a score.
    package static func missing(over media: MediaInterval, reason: String) -> [Observation] {
        let seconds = min(Int64(longestAdvance), media.duration.nanoseconds / 1_000_000_000)
        return (0..<max(0, seconds)).map { second in
            let start = media.start + .seconds(second)
            let interval = MediaInterval(start: start, end: start + .seconds(1))
            return Observation(kind: .chat, interval: interval, missing: reason)
        }
    }

    /// Whole seconds from the start of a stretch to a time within it, rounded down, except that the end of the stretch is
    /// rounded to its last whole second.
    private static func seconds(of media: MediaInterval, upTo time: MediaTime) -> Int64 {
        max(0, (min(time, media.end) - media.start).nanoseconds / 1_000_000_000)
    }
}

extension SpikeDetector.BaselinePrior {
    /// At most so much of a log is looked at.
    private static let stretch: Duration = .seconds(900)
    /// Fewer seconds than this say nothing.
    private static let fewestSeconds = 40

    /// Takes the ordinary level from the beginning of a log.
    ///
    /// Uses the median of the counts and their median absolute deviation (times 1.4826 a standard deviation), so bursts
    /// that fill less than half of the time do not matter. The result is nil where there is too little chat to say anything.
    /// - Parameters:
    ///   - log: The chat.
    ///   - interval: Where the log covers the recording; the first quarter of an hour of it is used.
    ///   - settings: The detector's settings, for the window.
    package init?(of log: ChatLog, over interval: MediaInterval, settings: SpikeDetector.Settings) {
        let end = min(interval.end, interval.start + Self.stretch)
        let start = interval.start
        var window = ChatWindow(settings)
        var users: [Double] = []
        var lines: [Double] = []
        var now = start
        let first = log.messages.firstIndex(notBefore: start)
        let last = log.messages.firstIndex(notBefore: end)
        var index = first
        while now + .seconds(1) <= end {
            now = now + .seconds(1)
            while index < last, log.messages[index].time < now {
                window.add(log.messages[index])
                index += 1
            }
            window.expire(before: now.nanoseconds)
            guard now - start >= settings.window, !window.isAfterRaid(at: now, within: settings.raidWindow) else {
                continue
            }
            users.append(Double(window.uniqueUsers))
            lines.append(Double(window.lineCount))
        }
        guard users.count >= Self.fewestSeconds else { return nil }
        let (level, dispersion) = Self.robust(users, floor: settings.minimumBaseline)
        let (lineLevel, lineDispersion) = Self.robust(lines, floor: settings.minimumBaseline)
        self.init(uniqueUsers: level, dispersion: dispersion, lines: lineLevel, lineDispersion: lineDispersion)
    }

    /// Median, and robust variance over median.
    private static func robust(_ counts: [Double], floor: Double) -> (level: Double, dispersion: Double) {
        let median = counts.sorted()[counts.count / 2]
        let deviation = counts.map { abs($0 - median) }.sorted()[counts.count / 2] * 1.4826
        return (median, deviation * deviation / max(median, floor))
    }
}

extension ChatLog {
    /// Silence at either end of a log that is longer than this, and than twenty ordinary gaps, is no silence but an
    /// incomplete log.
    private static let longestSilence: Duration = .seconds(300)

    /// The part of a recording that the log covers.
    ///
    /// A quiet chat is covered to the end of the recording; a log that stops long before the recording does is not.
    /// - Parameter media: The stretch of the recording.
    /// - Returns: Nil where no message lies within the recording.
    package func coverage(of media: MediaInterval) -> MediaInterval? {
        let first = messages.firstIndex(notBefore: media.start)
        let end = messages.firstIndex(notBefore: media.end)
        guard first < end else { return nil }
        let span = messages[end - 1].time - messages[first].time
        let gap = span / max(1, end - first - 1)
        let allowed = max(Self.longestSilence, gap * 20)
        let begins = first > 0 || messages[first].time - media.start <= allowed
        let continues = end < messages.count || media.end - messages[end - 1].time <= allowed
        return MediaInterval(
            start: begins ? media.start : messages[first].time,
            end: continues ? media.end : messages[end - 1].time + .seconds(1)
        )
    }
}
