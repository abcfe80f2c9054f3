package import HypeCore

/// The chat of a recording, read from a file.
package struct ChatLog: Sendable {
    /// What the zero of the messages' times is.
    package enum Clock: String, Hashable, Sendable, Codable {
        /// The start of the recording, as the log itself says.
        case recording
        /// The start of the stream that was given when reading.
        case streamStart
        /// The first message, because the log has only wall-clock times and no start was given.
        case firstMessage
    }

    /// A line or record that could not be read.
    package struct BadLine: Hashable, Sendable, Codable {
        /// Number of the line, from 1; in a JSON document the number of the message.
        package let line: Int
        /// What is wrong with it.
        package let reason: String
    }

    /// How the file is written.
    package let format: ChatLogFormat
    /// What the zero of the times is.
    package let clock: Clock
    /// The messages by time; those of the same time in the order of the file.
    package let messages: [ChatMessage]
    /// How many lines or records could not be read.
    package let badLineCount: Int
    /// The first few of those.
    package let badLines: [BadLine]
    /// How many lines are not chat (joins, pings, other rooms of a shared chat) or repeat a message.
    package let ignoredLineCount: Int

    /// Creates a log from messages that are there already.
    ///
    /// - Parameters:
    ///   - messages: The messages in any order.
    ///   - format: How they were written.
    ///   - clock: What the zero of their times is.
    package init(messages: [ChatMessage], format: ChatLogFormat = .twitchDownloader, clock: Clock = .recording) {
        self.init(
            format: format,
            clock: clock,
            messages: messages.sortedByTime(),
            badLineCount: 0,
            badLines: [],
            ignoredLineCount: 0
        )
    }

    init(
        format: ChatLogFormat,
        clock: Clock,
        messages: [ChatMessage],
        badLineCount: Int,
        badLines: [BadLine],
        ignoredLineCount: Int
    ) {
        self.format = format
        self.clock = clock
        self.messages = messages
        self.badLineCount = badLineCount
        self.badLines = badLines
        self.ignoredLineCount = ignoredLineCount
    }

    /// The stretch from the first message to just after the last; nil where there are none.
    package var interval: MediaInterval? {
        guard let first = messages.first, let last = messages.last else { return nil }
        return MediaInterval(start: first.time, end: last.time + .nanoseconds(1))
    }
}

extension ChatLog {
    /// How badly a log fits a recording.
    package struct Mismatch: Hashable, Sendable {
        /// Messages within the recording.
        package let inside: Int
        /// Messages before or after it.
        package let outside: Int
        /// Length of the part of the recording that lies between the first and the last message.
        package let covered: Duration
        /// The log's own stretch.
        package let log: MediaInterval

        /// Part of the messages that lie outside, 0…1.
        package var outsideShare: Double { Double(outside) / Double(max(1, inside + outside)) }
        /// Whether the log hardly belongs to the recording: at least nine in ten messages lie outside of it.
        package var isOtherStream: Bool { outsideShare >= 0.9 }

        /// A sentence for a person.
        package var explanation: String {
            let percent = Int((outsideShare * 100).rounded())
            return isOtherStream
                ? "\(percent) % of the chat lies outside of the recording: the log seems to belong to another stream"
                : "\(percent) % of the chat lies outside of the recording and is left out"
        }
    }

    /// Says how much of the log lies outside of a recording.
    ///
    /// - Parameter media: The stretch of the recording.
    /// - Returns: Nil where every message lies within the recording, or where there are none.
    package func mismatch(with media: MediaInterval) -> Mismatch? {
        guard let interval else { return nil }
        let inside = messages.firstIndex(notBefore: media.end) - messages.firstIndex(notBefore: media.start)
        guard inside < messages.count else { return nil }
        return Mismatch(
            inside: inside,
            outside: messages.count - inside,
            covered: interval.intersection(media)?.duration ?? .zero,
            log: interval
        )
    }
}

extension [ChatMessage] {
    /// Index of the first message at or after a time, in messages that are sorted by time.
    func firstIndex(notBefore time: MediaTime) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The messages by time; those of the same time keep their order.
    func sortedByTime() -> [ChatMessage] {
        var isSorted = true
        for index in indices.dropFirst() where self[index].time < self[index - 1].time {
            isSorted = false
            break
        }
        if isSorted { return self }
        let order = indices.sorted { (self[$0].time, $0) < (self[$1].time, $1) }
        return order.map { self[$0] }
    }
}
