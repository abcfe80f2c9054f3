/// A line of a log of IRC, with the logger's own time in front if there is one.
struct IRCLogLine {
    /// The message.
    let line: IRCLine
    /// What stands before the message; empty where nothing does.
    private let stamp: ByteSlice

    /// Finds the message in a line.
    ///
    /// - Returns: Nil where there is none.
    @inline(__always)
    init?(_ text: ByteSlice) {
        guard let first = text.first else { return nil }
        let start =
            first == UInt8(ascii: "@") || first == UInt8(ascii: ":") ? 0 : Self.messageStart(text)
        guard let start, let line = IRCLine(text.slice(start, .max)) else { return nil }
        self.line = line
        stamp = text.slice(0, start)
    }

    /// The logger's own time.
    var logTime: ClockReading? {
        var text = stamp.trimmed
        while let last = text.last, last == UInt8(ascii: "<") || last == UInt8(ascii: ">") || last.isWhitespace {
            text = text.slice(0, text.count - 1)
        }
        guard !text.isEmpty, let reading = ClockText.reading(text) else { return nil }
        // A time without a date that a logger writes is the time of day.
        if case .recording(let value) = reading, text.contains(":"), (0..<86_400_000_000_000).contains(value) {
            return .timeOfDay(value)
        }
        return reading
    }

    /// Offset of the `@`, `:` or command word after the logger's time.
    private static func messageStart(_ text: ByteSlice) -> Int? {
        var index = 0
        while index < text.count, index < 64 {
            let byte = text[index]
            if index > 0, text[index - 1] == 0x20, byte == UInt8(ascii: "@") || byte == UInt8(ascii: ":") {
                return index
            }
            let isStamp =
                byte.isDigit || byte == 0x20 || byte == UInt8(ascii: "T") || byte == UInt8(ascii: "Z")
                || (byte >= UInt8(ascii: "(") && byte <= UInt8(ascii: ":")) || byte == UInt8(ascii: "[")
                || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            guard isStamp else { break }
            index += 1
        }
        let word = text.slice(index, .max)
        return word.starts(with: "PING ") || word.starts(with: "PONG ") || word.starts(with: "RECONNECT") ? index : nil
    }
}

/// Reads a raw log of Twitch's IRC server.
struct IRCLogParser: ChatRecordParser {
    private var number = 0

    mutating func consume(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int {
        var position = 0
        while let line = bytes.nextLine(&position, isLast: isLast) {
            number += 1
            guard let log = IRCLogLine(line) else {
                if !line.trimmed.isEmpty { builder.addBad(line: number, "the line is not an IRC message") }
                continue
            }
            switch TwitchLine.reading(log.line) {
            case .chat(let chat): add(chat, logTime: chat.sentTime == nil ? log.logTime : nil, to: &builder)
            case .ignored: builder.addIgnored()
            case .bad(let reason): builder.addBad(line: number, reason)
            case .other where log.line.isTwitchCommand: builder.addIgnored()
            case .other: builder.addBad(line: number, "the line is not a message of Twitch's IRC server")
            }
        }
        return position
    }

    @inline(__always)
    private func add(_ chat: TwitchLine, logTime: ClockReading?, to builder: inout ChatLogBuilder) {
        guard let time = chat.sentTime ?? logTime else {
            return builder.addBad(line: number, "the message has no time (tmi-sent-ts)")
        }
        builder.add(
            at: time,
            userID: chat.userID,
            displayName: chat.displayName,
            text: chat.text,
            kind: chat.kind,
            id: chat.id
        )
    }
}
