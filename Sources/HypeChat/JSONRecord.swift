/// The members of one JSON message that matter, in the words of TwitchDownloader and of chat-downloader.
///
/// TwitchDownloader: `content_offset_seconds`, `commenter {_id, display_name, name}`, `message {body,
/// user_notice_params}`, `_id`. chat-downloader: `time_in_seconds`, `timestamp` (µs since 1970), `author {id, name,
/// display_name}`, `message`, `message_type`, `message_id`.
struct JSONRecord {
    /// How reading a record ended.
    enum Outcome {
        case complete
        case incomplete
        case malformed
    }

    /// Members that tell a message from other JSON objects.
    static let names: [StaticString] = [
        "content_offset_seconds", "commenter", "time_in_seconds", "timestamp", "author", "message", "message_id",
        "message_type", "action_type", "time_text",
    ]

    private var offset = ByteSlice.none
    private var timeText = ByteSlice.none
    private var timestamp = ByteSlice.none
    private var userID = JSONText.empty
    private var login = JSONText.empty
    private var displayName = JSONText.empty
    private var text = JSONText.empty
    private var type = ByteSlice.none
    private var id = ByteSlice.none
    private var target = JSONText.empty
    private var viewers = ByteSlice.none
    private var gifts = ByteSlice.none
    private var hasMessage = false

    /// Whether there is anything of a message in it.
    var looksLikeMessage: Bool { hasMessage || !offset.isEmpty }

    /// Reads an object.
    @inline(__always)
    mutating func read(_ cursor: inout JSONCursor) -> Outcome {
        guard cursor.enterObject() else { return cursor.ranOut ? .incomplete : .malformed }
        while let key = cursor.nextKey() {
            guard readMember(key.bytes, &cursor) else { return cursor.ranOut ? .incomplete : .malformed }
        }
        return cursor.closed ? .complete : cursor.ranOut ? .incomplete : .malformed
    }

    @inline(__always)
    private mutating func readMember(_ key: ByteSlice, _ cursor: inout JSONCursor) -> Bool {
        switch key.count {
        case 3 where key.equals("_id"): return Self.readText(&cursor) { id = $0.bytes }
        case 6 where key.equals("author"): return readPerson(&cursor)
        case 7 where key.equals("message"): return readMessage(&cursor)
        case 9 where key.equals("commenter"): return readPerson(&cursor)
        case 9 where key.equals("timestamp"): return Self.readText(&cursor) { timestamp = $0.bytes }
        case 9 where key.equals("time_text"): return Self.readText(&cursor) { timeText = $0.bytes }
        case 10 where key.equals("message_id"): return Self.readText(&cursor) { id = $0.bytes }
        case 11 where key.equals("banned_user"): return Self.readText(&cursor) { login = $0 }
        case 12 where key.equals("message_type"): return Self.readText(&cursor) { type = $0.bytes }
        case 15 where key.equals("time_in_seconds"): return Self.readText(&cursor) { offset = $0.bytes }
        case 15 where key.equals("mass_gift_count"): return Self.readText(&cursor) { gifts = $0.bytes }
        case 16 where key.equals("target_author_id"): return Self.readText(&cursor) { target = $0 }
        case 17 where key.equals("target_message_id"): return Self.readText(&cursor) { target = $0 }
        case 17 where key.equals("number_of_viewers"): return Self.readText(&cursor) { viewers = $0.bytes }
        case 22 where key.equals("content_offset_seconds"): return Self.readText(&cursor) { offset = $0.bytes }
        default: return cursor.skipValue()
        }
    }

    /// Reads `author` or `commenter`.
    @inline(__always)
    private mutating func readPerson(_ cursor: inout JSONCursor) -> Bool {
        guard cursor.peek() == UInt8(ascii: "{") else { return cursor.skipValue() }
        cursor.advance()
        while let key = cursor.nextKey() {
            let isRead =
                switch key.bytes.count {
                case 2 where key.bytes.equals("id"): Self.readText(&cursor) { userID = $0 }
                case 3 where key.bytes.equals("_id"): Self.readText(&cursor) { userID = $0 }
                case 4 where key.bytes.equals("name"): Self.readText(&cursor) { login = $0 }
                case 12 where key.bytes.equals("display_name"): Self.readText(&cursor) { displayName = $0 }
                default: cursor.skipValue()
                }
            guard isRead else { return false }
            if !userID.bytes.isEmpty, !login.bytes.isEmpty, !displayName.bytes.isEmpty { return cursor.skipToClose() }
        }
        return cursor.closed
    }

    /// Reads `message`, which is a text or an object with a `body`.
    @inline(__always)
    private mutating func readMessage(_ cursor: inout JSONCursor) -> Bool {
        hasMessage = true
        guard cursor.peek() == UInt8(ascii: "{") else { return Self.readText(&cursor) { text = $0 } }
        cursor.advance()
        while let key = cursor.nextKey() {
            let isRead =
                switch key.bytes.count {
                case 4 where key.bytes.equals("body"): Self.readText(&cursor) { text = $0 }
                case 18 where key.bytes.equals("user_notice_params"): readNotice(&cursor)
                default: cursor.skipValue()
                }
            guard isRead else { return false }
        }
        return cursor.closed
    }

    private mutating func readNotice(_ cursor: inout JSONCursor) -> Bool {
        guard cursor.peek() == UInt8(ascii: "{") else { return cursor.skipValue() }
        cursor.advance()
        while let key = cursor.nextKey() {
            let isRead =
                switch key.bytes {
                case let name where name.equals("msg-id") || name.equals("msg_id") || name.equals("_id"):
                    Self.readText(&cursor) { type = $0.bytes }
                case let name where name.equals("msg-param-viewerCount"):
                    Self.readText(&cursor) { viewers = $0.bytes }
                case let name where name.equals("msg-param-mass-gift-count"):
                    Self.readText(&cursor) { gifts = $0.bytes }
                default: cursor.skipValue()
                }
            guard isRead else { return false }
        }
        return cursor.closed
    }

    /// Reads a string or a number in its written form; null leaves what was there.
    @inline(__always)
    private static func readText(_ cursor: inout JSONCursor, _ store: (JSONText) -> Void) -> Bool {
        switch cursor.peek() {
        case UInt8(ascii: "\""):
            guard let text = cursor.readString() else { return false }
            store(text)
            return true
        case UInt8(ascii: "{"), UInt8(ascii: "["): return cursor.skipValue()
        default:
            guard let scalar = cursor.readScalar() else { return false }
            if !scalar.equals("null") { store(JSONText(bytes: scalar, isEscaped: false)) }
            return true
        }
    }

    /// Gives the message to a builder, or the complaint.
    @inline(__always)
    func add(to builder: inout ChatLogBuilder, line: Int) {
        guard let time else {
            builder.addBad(line: line, "the message has no readable time")
            return
        }
        if builder.needsStartOfRecording, case .recording(let recording) = time, !timestamp.isEmpty,
            case .unix(let unix)? = ClockText.number(timestamp)
        {
            builder.noteBoth(recording: recording, unix: unix)
        }
        let notice = ChatNotice(type: type, count: viewers.isEmpty ? gifts : viewers)
        let kind: ChatMessage.Kind
        switch notice.kind {
        case .deletedMessage?: kind = .deletedMessage(ChatMessageID(target.bytes))
        case .other(let known)?: kind = known
        case .ignored?:
            builder.addIgnored()
            return
        case nil: kind = ChatNotice.kind(ofVODText: text.bytes, writtenBy: displayName.bytes) ?? .message
        }
        let name = displayName.bytes.isEmpty ? login : displayName
        let user = kind == .clear && !target.bytes.isEmpty ? target : userID
        guard kind != .message || !user.bytes.isEmpty || !name.bytes.isEmpty else {
            builder.addBad(line: line, "the message has no author")
            return
        }
        builder.add(
            at: time,
            userID: user.bytes.isEmpty ? (login.bytes.isEmpty ? name : login).string.lowercased() : user.string,
            displayName: name.string,
            text: text.string,
            kind: kind,
            id: id.isEmpty ? nil : ChatMessageID(id)
        )
    }

    @inline(__always)
    private var time: ClockReading? {
        if !offset.isEmpty { return ClockText.number(offset) }
        if !timestamp.isEmpty, let reading = ClockText.reading(timestamp) { return reading }
        return timeText.isEmpty ? nil : ClockText.reading(timeText)
    }
}
