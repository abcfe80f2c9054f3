/// What the platform's name for an event means.
struct ChatNotice {
    /// What kind of line the event is.
    enum Kind {
        case other(ChatMessage.Kind)
        case deletedMessage
        case ignored
    }

    /// What it is, or nil where a person simply wrote something.
    let kind: Kind?

    /// Reads Twitch's `msg-id` or chat-downloader's `message_type`.
    ///
    /// - Parameters:
    ///   - type: The name of the event; empty for an ordinary message.
    ///   - count: The number of viewers or gifts as it was written; may be empty.
    @inline(__always)
    init(type: ByteSlice, count: ByteSlice) {
        if type.isEmpty || type.equals("text_message") {
            kind = nil
        } else {
            kind = Self.kind(type: type, count: count)
        }
    }

    private static func kind(type: ByteSlice, count: ByteSlice) -> Kind? {
        for name in writtenByPeople where type.equals(name) { return nil }
        if type.equals("raid") { return .other(.raid(viewers: number(count))) }
        if type.equals("ban_user") || type.equals("clear_chat") { return .other(.clear) }
        if type.equals("delete_message") { return .deletedMessage }
        if type.contains("gift") { return .other(.gift(count: max(1, number(count)))) }
        if type.contains("sub") || type.contains("upgrade") || type.equals("membership_item") {
            return .other(.subscription)
        }
        for name in stateOnly where type.equals(name) { return .ignored }
        return .other(.system)
    }

    /// Events that are a person's own words.
    private static let writtenByPeople: [StaticString] = [
        "highlighted-message", "highlighted_message", "skip-subs-mode-message", "send_message_in_subscriber_only_mode",
        "paid_message", "ritual", "crowd_chant", "crowd-chant", "null",
    ]

    /// Events that are not lines of chat at all.
    private static let stateOnly: [StaticString] = [
        "room_state", "user_state", "successful_login", "reconnect", "host_target",
    ]

    /// A count that was written, at most a thousand million.
    private static func number(_ text: ByteSlice) -> Int {
        guard let value = ClockText.nanoseconds(text), !value.overflowed else { return 0 }
        return Int(max(0, min(1_000_000_000, value.value / 1_000_000_000)))
    }

    /// Recognises the lines that Twitch writes in a person's name into the chat of a recording.
    ///
    /// Since 2023 recordings carry no `msg-id`; TwitchDownloader's renderer recognises these lines by the same words.
    /// - Parameters:
    ///   - text: The message, still in its written form.
    ///   - author: The name that such a line begins with.
    /// - Returns: Nil for a person's own words.
    @inline(__always)
    static func kind(ofVODText text: ByteSlice, writtenBy author: ByteSlice) -> ChatMessage.Kind? {
        guard text.count > 24, let first = text.first, let start = author.first else { return nil }
        guard first == start || first.isDigit || first == UInt8(ascii: "A") else { return nil }
        return longKind(text, author)
    }

    private static func longKind(_ text: ByteSlice, _ author: ByteSlice) -> ChatMessage.Kind? {
        if text[0].isDigit {
            var digits = 1
            while digits < text.count, text[digits].isDigit { digits += 1 }
            let rest = text.slice(digits, .max)
            guard rest.starts(with: " raiders from "), rest.contains(" have joined") else { return nil }
            return .raid(viewers: number(text.slice(0, digits)))
        }
        let rest: ByteSlice
        if text.starts(with: "An anonymous user ") || text.starts(with: "An anonymous gifter ") {
            rest = text.slice(17, .max)
        } else {
            guard text.count > author.count, zip(text, author).allSatisfy(==) else { return nil }
            rest = text.slice(author.count, .max)
        }
        if rest.starts(with: " subscribed ") || rest.starts(with: " converted from ") { return .subscription }
        if rest.starts(with: " gifted a Tier ") || rest.starts(with: " is gifting ") || rest.contains(" gifted a Tier ")
        {
            return .gift(count: 1)
        }
        return nil
    }
}
