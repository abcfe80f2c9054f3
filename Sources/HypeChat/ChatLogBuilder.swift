import HypeCore

/// Collects what a parser finds and makes a log of it.
struct ChatLogBuilder {
    /// How many bad lines are kept as examples.
    static let keptBadLines = 5

    private var messages: [ChatMessage] = []
    private var wallClock: [Bool] = []
    private var wallClockHasDate: Bool?
    private var latestWallClock: Int64 = 0
    private var startOfRecording: Int64?
    private var badLines: [ChatLog.BadLine] = []
    private var badLineCount = 0
    private var ignored = 0
    private var midnights: Int64 = 0

    private var hasReserved = false

    /// Sets memory aside for the rest of a file, once.
    ///
    /// - Parameter share: How many times as many bytes the whole file has as were read so far, at least 0; more than the
    ///   file may turn out to hold is harmless, and at most 10⁶ messages are provided for.
    mutating func reserve(share: Double) {
        guard !hasReserved else { return }
        hasReserved = true
        let expected = Int(min(1_000_000, Double(messages.count) * share * 1.05))
        messages.reserveCapacity(expected)
        wallClock.reserveCapacity(expected)
    }

    /// Whether it is still unknown when the recording began.
    var needsStartOfRecording: Bool { startOfRecording == nil }

    /// Keeps a message.
    @inline(__always)
    mutating func add(
        at time: ClockReading,
        userID: String,
        displayName: String,
        text: String,
        kind: ChatMessage.Kind,
        id: ChatMessageID?
    ) {
        let nanoseconds: Int64
        switch time {
        case .recording(let value):
            nanoseconds = value
            wallClock.append(false)
        case .unix(let value):
            nanoseconds = onWallClock(value, hasDate: true)
            wallClock.append(true)
        case .timeOfDay(let value):
            nanoseconds = onWallClock(value, hasDate: false)
            wallClock.append(true)
        }
        messages.append(
            ChatMessage(
                time: MediaTime(nanoseconds: nanoseconds),
                userID: userID,
                displayName: displayName,
                text: text,
                kind: kind,
                id: id
            )
        )
    }

    /// Notes that one message has both times, which says when the recording began.
    ///
    /// - Parameters:
    ///   - recording: Nanoseconds since the start of the recording.
    ///   - unix: Nanoseconds since 1970.
    mutating func noteBoth(recording: Int64, unix: Int64) {
        guard startOfRecording == nil else { return }
        startOfRecording = unix - recording
    }

    /// Counts a line that cannot be read.
    mutating func addBad(line: Int, _ reason: @autoclosure () -> String) {
        badLineCount += 1
        if badLines.count < Self.keptBadLines { badLines.append(ChatLog.BadLine(line: line, reason: reason())) }
    }

    /// Counts a line that is fine but not chat.
    mutating func addIgnored() { ignored += 1 }

    /// Makes the log.
    ///
    /// - Parameters:
    ///   - format: How the file is written.
    ///   - streamStart: When the stream began, since 1970, for logs with wall-clock times.
    /// - Returns: The log, with at least one message.
    /// - Throws: ``ChatError`` with code `.noMessages` where nothing could be read.
    consuming func finish(format: ChatLogFormat, streamStart: Duration?) throws -> ChatLog {
        guard !messages.isEmpty else {
            let first = badLines.first.map { " The first problem is in line \($0.line): \($0.reason)." } ?? ""
            throw ChatError(
                .noMessages,
                "The file looks like a \(format.displayName) but holds no readable message.\(first)"
                    + " Download the chat again or pass another file."
            )
        }
        let clock = placeOnRecording(streamStart: streamStart)
        let sorted = messages.sortedByTime()
        let unique = sorted.withoutRepeats()
        return ChatLog(
            format: format,
            clock: clock,
            messages: unique,
            badLineCount: badLineCount,
            badLines: badLines,
            ignoredLineCount: ignored + sorted.count - unique.count
        )
    }

    /// Turns wall-clock times into times since the start of the recording.
    private mutating func placeOnRecording(streamStart: Duration?) -> ChatLog.Clock {
        guard wallClockHasDate != nil else { return .recording }
        let start: Int64
        let clock: ChatLog.Clock
        if let known = startOfRecording {
            start = known
            clock = .recording
        } else if let streamStart {
            start = streamStart.nanoseconds
            clock = .streamStart
        } else {
            let walls = zip(messages, wallClock).lazy.filter(\.1).map(\.0.time.nanoseconds)
            start = walls.min() ?? 0
            clock = .firstMessage
        }
        for index in messages.indices where wallClock[index] {
            messages[index].time = MediaTime(nanoseconds: messages[index].time.nanoseconds &- start)
        }
        return clock
    }

    /// Brings wall-clock times with and without a date onto one axis.
    ///
    /// Which of the two a log has is decided by its first message; one of the other kind takes the time of the message
    /// before it. The time of day is continued over midnight.
    @inline(__always)
    private mutating func onWallClock(_ value: Int64, hasDate: Bool) -> Int64 {
        guard hasDate == wallClockHasDate ?? hasDate else { return latestWallClock }
        wallClockHasDate = hasDate
        let day: Int64 = 86_400_000_000_000
        if !hasDate, latestWallClock - (value + midnights * day) > day / 2 { midnights += 1 }
        latestWallClock = hasDate ? value : value + midnights * day
        return latestWallClock
    }
}

extension [ChatMessage] {
    /// The messages without those whose number already occurred at the same time.
    ///
    /// Downloads that were resumed or joined repeat messages, always with the same time.
    fileprivate func withoutRepeats() -> [ChatMessage] {
        var repeats: Set<Int> = []
        var seen: Set<ChatMessageID> = []
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, self[end].time == self[start].time { end += 1 }
            if end - start > 1 {
                seen.removeAll(keepingCapacity: true)
                for index in start..<end {
                    if let id = self[index].id, !seen.insert(id).inserted { repeats.insert(index) }
                }
            }
            start = end
        }
        return repeats.isEmpty ? self : indices.filter { !repeats.contains($0) }.map { self[$0] }
    }
}
