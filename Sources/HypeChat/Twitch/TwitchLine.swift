/// What a line of Twitch's IRC says about the chat; for logs of it and for the live chat.
struct TwitchLine {
    /// What a line turned out to be.
    enum Reading {
        /// Something happened in the chat.
        case chat(TwitchLine)
        /// It belongs to the chat but says nothing that matters: another room of a shared chat, a change of state.
        case ignored
        /// It should be chat but lacks a part; why.
        case bad(String)
        /// It is no line of chat.
        case other
    }

    /// When the server received it; nil where the line does not say.
    let sentTime: ClockReading?
    let userID: String
    let displayName: String
    let text: String
    let kind: ChatMessage.Kind
    let id: ChatMessageID?

    /// Reads the parts of a line.
    @inline(__always)
    static func reading(_ line: IRCLine) -> Reading {
        line.verb.equals("PRIVMSG") ? message(line) : other(line)
    }

    @inline(__always)
    private static func message(_ line: IRCLine) -> Reading {
        let tags = TwitchTags(line.tags)
        guard !tags.isFromOtherRoom else { return .ignored }
        var parameter = 0
        guard line.nextParameter(&parameter) != nil, let text = line.nextParameter(&parameter) else {
            return .bad("the message has no text")
        }
        let nick = line.nick
        guard !tags.userID.isEmpty || !nick.isEmpty else { return .bad("the message has no author") }
        return .chat(
            TwitchLine(
                sentTime: tags.sentTime,
                userID: tags.userID.isEmpty ? nick.text.lowercased() : tags.userID.text,
                displayName: tags.displayName.isEmpty ? nick.text : IRCTagReader.unescaped(tags.displayName),
                text: withoutAction(text).text,
                kind: .message,
                id: tags.id.isEmpty ? nil : ChatMessageID(tags.id)
            )
        )
    }

    /// Reads everything but ordinary messages.
    private static func other(_ line: IRCLine) -> Reading {
        let isNotice = line.verb.equals("USERNOTICE")
        guard isNotice || line.verb.equals("CLEARCHAT") || line.verb.equals("CLEARMSG") else { return .other }
        let tags = TwitchTags(line.tags)
        guard !tags.isFromOtherRoom else { return .ignored }
        var parameter = 0
        _ = line.nextParameter(&parameter)
        let last = line.nextParameter(&parameter) ?? .none
        return isNotice ? notice(tags, last) : retraction(tags, last, isMessage: line.verb.equals("CLEARMSG"))
    }

    private static func notice(_ tags: TwitchTags, _ text: ByteSlice) -> Reading {
        let kind: ChatMessage.Kind
        switch ChatNotice(type: tags.noticeID, count: tags.count).kind {
        case .other(let known)?: kind = known
        case .ignored?: return .ignored
        case .deletedMessage?, nil: kind = .system
        }
        return .chat(
            TwitchLine(
                sentTime: tags.sentTime,
                userID: tags.userID.text,
                displayName: IRCTagReader.unescaped(tags.displayName),
                text: text.isEmpty ? IRCTagReader.unescaped(tags.systemText) : text.text,
                kind: kind,
                id: tags.id.isEmpty ? nil : ChatMessageID(tags.id)
            )
        )
    }

    private static func retraction(_ tags: TwitchTags, _ last: ByteSlice, isMessage: Bool) -> Reading {
        let user = isMessage ? tags.login : tags.targetUserID.isEmpty ? last : tags.targetUserID
        return .chat(
            TwitchLine(
                sentTime: tags.sentTime,
                userID: user.text,
                displayName: (isMessage ? tags.login : last).text,
                text: isMessage ? last.text : "",
                kind: isMessage ? .deletedMessage(ChatMessageID(tags.targetMessageID)) : .clear,
                id: nil
            )
        )
    }

    /// Removes the frame of a `/me` message: `\u{1}ACTION text\u{1}`.
    @inline(__always)
    static func withoutAction(_ text: ByteSlice) -> ByteSlice {
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
