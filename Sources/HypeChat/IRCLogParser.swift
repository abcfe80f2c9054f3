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
            if log.line.verb.equals("PRIVMSG") {
                addMessage(log, to: &builder)
            } else {
                addOther(log, to: &builder)
            }
        }
        return position
    }

    private func addMessage(_ log: IRCLogLine, to builder: inout ChatLogBuilder) {
        let tags = TwitchTags(log.line.tags)
        guard !tags.isFromOtherRoom else { return builder.addIgnored() }
        guard let time = tags.sentTime ?? log.logTime else {
            return builder.addBad(line: number, "the message has no time (tmi-sent-ts)")
        }
        var parameter = 0
        guard log.line.nextParameter(&parameter) != nil, let text = log.line.nextParameter(&parameter) else {
            return builder.addBad(line: number, "the message has no text")
        }
        let nick = log.line.nick
        let userID = tags.userID.isEmpty ? nick : tags.userID
        guard !userID.isEmpty else { return builder.addBad(line: number, "the message has no author") }
        builder.add(
            at: time,
            userID: tags.userID.isEmpty ? nick.text.lowercased() : userID.text,
            displayName: tags.displayName.isEmpty ? nick.text : IRCTagReader.unescaped(tags.displayName),
            text: Self.withoutAction(text).text,
            kind: .message,
            id: tags.id.isEmpty ? nil : ChatMessageID(tags.id)
        )
    }

    /// Handles everything but ordinary messages.
    private func addOther(_ log: IRCLogLine, to builder: inout ChatLogBuilder) {
        let verb = log.line.verb
        let isNotice = verb.equals("USERNOTICE")
        guard isNotice || verb.equals("CLEARCHAT") || verb.equals("CLEARMSG") else {
            if log.line.isTwitchCommand {
                builder.addIgnored()
            } else {
                builder.addBad(line: number, "the line is not a message of Twitch's IRC server")
            }
            return
        }
        let tags = TwitchTags(log.line.tags)
        guard !tags.isFromOtherRoom else { return builder.addIgnored() }
        guard let time = tags.sentTime ?? log.logTime else {
            return builder.addBad(line: number, "the notice has no time (tmi-sent-ts)")
        }
        var parameter = 0
        _ = log.line.nextParameter(&parameter)
        let last = log.line.nextParameter(&parameter) ?? .none
        if isNotice {
            let kind: ChatMessage.Kind
            switch ChatNotice(type: tags.noticeID, count: tags.count).kind {
            case .other(let known)?: kind = known
            case .ignored?: return builder.addIgnored()
            case .deletedMessage?, nil: kind = .system
            }
            builder.add(
                at: time,
                userID: tags.userID.text,
                displayName: IRCTagReader.unescaped(tags.displayName),
                text: last.isEmpty ? IRCTagReader.unescaped(tags.systemText) : last.text,
                kind: kind,
                id: tags.id.isEmpty ? nil : ChatMessageID(tags.id)
            )
        } else {
            let isMessage = verb.equals("CLEARMSG")
            let user = isMessage ? tags.login : tags.targetUserID.isEmpty ? last : tags.targetUserID
            builder.add(
                at: time,
                userID: user.text,
                displayName: (isMessage ? tags.login : last).text,
                text: isMessage ? last.text : "",
                kind: isMessage ? .deletedMessage(ChatMessageID(tags.targetMessageID)) : .clear,
                id: nil
            )
        }
    }

    /// Removes the frame of a `/me` message: `\u{1}ACTION text\u{1}`.
    @inline(__always)
    private static func withoutAction(_ text: ByteSlice) -> ByteSlice {
        guard text.first == 1, text.starts(with: "\u{1}ACTION ") else { return text }
        return text.slice(8, text.last == 1 ? text.count - 1 : text.count)
    }
}

extension IRCLine {
    /// The part of the source before `!` or `@`; empty where there is no source.
    fileprivate var nick: ByteSlice {
        guard let source else { return .none }
        return source.slice(0, source.firstOffset(of: UInt8(ascii: "!")) ?? source.count)
    }
}

/// The tags of Twitch that matter for a log, still escaped.
private struct TwitchTags {
    var userID = ByteSlice.none
    var displayName = ByteSlice.none
    var id = ByteSlice.none
    var noticeID = ByteSlice.none
    var systemText = ByteSlice.none
    var login = ByteSlice.none
    var targetUserID = ByteSlice.none
    var targetMessageID = ByteSlice.none
    var count = ByteSlice.none
    private var sent = ByteSlice.none
    private var room = ByteSlice.none
    private var sourceRoom = ByteSlice.none

    @inline(__always)
    init(_ tags: ByteSlice) {
        var reader = IRCTagReader(tags)
        while let tag = reader.next() {
            switch tag.name.count {
            case 2 where tag.name.equals("id"): id = tag.value
            case 5 where tag.name.equals("login"): login = tag.value
            case 6 where tag.name.equals("msg-id"): noticeID = tag.value
            case 7 where tag.name.equals("user-id"): userID = tag.value
            case 7 where tag.name.equals("room-id"): room = tag.value
            case 10 where tag.name.equals("system-msg"): systemText = tag.value
            case 11 where tag.name.equals("tmi-sent-ts"): sent = tag.value
            case 12 where tag.name.equals("display-name"): displayName = tag.value
            case 13 where tag.name.equals("target-msg-id"): targetMessageID = tag.value
            case 14 where tag.name.equals("target-user-id"): targetUserID = tag.value
            case 14 where tag.name.equals("source-room-id"): sourceRoom = tag.value
            case 21 where tag.name.equals("msg-param-viewerCount"): count = tag.value
            case 25 where tag.name.equals("msg-param-mass-gift-count"): count = tag.value
            default: continue
            }
        }
    }

    /// Whether it came from another room of a shared chat.
    var isFromOtherRoom: Bool {
        !sourceRoom.isEmpty && !room.isEmpty && !sourceRoom.elementsEqual(room)
    }

    /// When the server received it.
    @inline(__always)
    var sentTime: ClockReading? {
        guard let milliseconds = ClockText.integer(sent), milliseconds / 1000 <= ClockText.believableUnix.upperBound,
            milliseconds / 1000 >= ClockText.believableUnix.lowerBound
        else { return nil }
        return .unix(milliseconds * 1_000_000)
    }
}
