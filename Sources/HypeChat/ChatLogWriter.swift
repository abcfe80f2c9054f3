import HypeCore

/// Writes messages in the formats that ``ChatLog`` reads.
package struct ChatLogWriter: Sendable {
    /// How to write.
    package let format: ChatLogFormat
    /// The start of the recording since 1970-01-01 UTC, for formats with wall-clock times.
    package let streamStart: Duration

    /// The colour of every name.
    private static let colour = "#1E90FF"

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - format: How to write.
    ///   - streamStart: The start of the recording since 1970-01-01 UTC.
    package init(_ format: ChatLogFormat, streamStart: Duration = .seconds(1_700_000_000)) {
        self.format = format
        self.streamStart = streamStart
    }

    /// The content of a log file in UTF-8.
    ///
    /// Times are rounded down to milliseconds. TwitchDownloader's and the tables' format have no moderation, so
    /// ``ChatMessage/Kind/clear`` and ``ChatMessage/Kind/deletedMessage(_:)`` are left out there.
    /// - Parameter messages: The messages in the order of the file.
    /// - Returns: The bytes, without byte order mark.
    package func write(_ messages: [ChatMessage]) -> [UInt8] {
        var out = ""
        switch format {
        case .twitchDownloader:
            out += #"{"FileInfo":{"Version":{"Major":1,"Minor":3,"Patch":1}},"streamer":{"name":"Streamer","id":1},"#
            out += #""video":{"title":"Stream","start":0,"end":0},"comments":["#
            out += messages.filter { !$0.isModeration }.map(twitchDownloader).joined(separator: ",")
            out += "]}"
        case .chatDownloader:
            out += "[" + messages.map { "\n" + chatDownloader($0) }.joined(separator: ",") + "\n]\n"
        case .chatDownloaderLines:
            for message in messages { out += chatDownloader(message) + "\n" }
        case .irc:
            for message in messages { out += irc(message) + "\r\n" }
        case .csv:
            out += "time,user_id,user,message,type,count,id\r\n"
            for message in messages where !message.isModeration { out += csv(message) + "\r\n" }
        }
        return Array(out.utf8)
    }

    private func twitchDownloader(_ message: ChatMessage) -> String {
        let id = message.id?.description ?? ""
        let name = Self.json(message.displayName)
        let body = Self.json(message.text)
        let notice = message.noticeName.map { "\"\($0)\"" } ?? "null"
        return #"{"_id":"\#(id)","created_at":"2023-11-14T22:13:20.123Z","channel_id":"71092938","#
            + #""content_type":"video","content_id":"1234567890","content_offset_seconds":\#(seconds(message)),"#
            + #""commenter":{"display_name":\#(name),"_id":\#(Self.json(message.userID)),"#
            + #""name":\#(Self.json(message.displayName.lowercased())),"bio":null,"created_at":"2016-02-11T08:01:02Z","#
            + #""updated_at":"2023-11-10T18:11:12Z","logo":"https://static-cdn.example/user-default-300x300.png"},"#
            + #""message":{"body":\#(body),"bits_spent":0,"fragments":[{"text":\#(body),"emoticon":null}],"#
            + #""is_action":false,"user_badges":[{"_id":"subscriber","version":"3"}],"user_color":"\#(Self.colour)","#
            + #""user_notice_params":{"msg-id":\#(notice)\#(message.noticeParameters)},"emoticons":[]}}"#
    }

    private func chatDownloader(_ message: ChatMessage) -> String {
        let type: String
        var extra = ""
        switch message.kind {
        case .message: type = "text_message"
        case .raid(let viewers):
            type = "raid"
            extra = #", "number_of_viewers": \#(viewers)"#
        case .gift(let count):
            type = count > 1 ? "mystery_subscription_gift" : "subscription_gift"
            extra = count > 1 ? #", "mass_gift_count": \#(count)"# : ""
        case .subscription: type = "resubscription"
        case .system: type = "announcement"
        case .clear:
            type = "ban_user"
            extra = #", "target_author_id": \#(Self.json(message.userID))"#
        case .deletedMessage(let id):
            type = "delete_message"
            extra = #", "target_message_id": "\#(id)""#
        }
        let micros = (streamStart.nanoseconds + message.time.nanoseconds) / 1_000_000 * 1000
        let id = message.id.map { #", "message_id": "\#($0)""# } ?? ""
        return #"{"action_type": "\#(type)", "author": {"badges": [{"name": "subscriber", "version": 3, "#
            + #""title": "3-Month Subscriber", "icons": [{"id": "source", "url": "https://static-cdn.example/badges/3"}]}], "#
            + #""display_name": \#(Self.json(message.displayName)), "id": \#(Self.json(message.userID)), "#
            + #""name": \#(Self.json(message.displayName.lowercased()))}, "channel_id": "71092938", "#
            + #""colour": "\#(Self.colour)", "message": \#(Self.json(message.text))\#(id), "message_type": "\#(type)", "#
            + #""time_in_seconds": \#(seconds(message)), "timestamp": \#(micros)\#(extra)}"#
    }

    private func irc(_ message: ChatMessage) -> String {
        let milliseconds = (streamStart.nanoseconds + message.time.nanoseconds) / 1_000_000
        let login = message.displayName.lowercased()
        let name = IRCMessage.escaped(message.displayName)
        let id = message.id.map { "id=\($0);" } ?? ""
        let source = ":\(login)!\(login)@\(login).tmi.twitch.tv"
        let server = ":tmi.twitch.tv"
        let text = message.text.replacing("\r", with: " ").replacing("\n", with: " ")
        switch message.kind {
        case .message:
            return
                "@badge-info=subscriber/3;badges=subscriber/3;client-nonce=5f0e9b1c;color=\(Self.colour);display-name=\(name);"
                + "emotes=;first-msg=0;flags=;\(id)mod=0;returning-chatter=0;room-id=71092938;subscriber=1;"
                + "tmi-sent-ts=\(milliseconds);turbo=0;user-id=\(message.userID);user-type= "
                + "\(source) PRIVMSG #streamer :\(text)"
        case .clear:
            return "@ban-duration=600;room-id=71092938;target-user-id=\(message.userID);tmi-sent-ts=\(milliseconds) "
                + "\(server) CLEARCHAT #streamer :\(login)"
        case .deletedMessage(let target):
            return "@login=\(message.userID);room-id=;target-msg-id=\(target);tmi-sent-ts=\(milliseconds) "
                + "\(server) CLEARMSG #streamer :\(text)"
        default:
            let notice = message.noticeName ?? "announcement"
            return
                "@badge-info=;badges=;color=\(Self.colour);display-name=\(name);emotes=;flags=;\(id)login=\(login);mod=0;"
                + "msg-id=\(notice)\(message.noticeTags);room-id=71092938;subscriber=0;"
                + "system-msg=\(IRCMessage.escaped(text));tmi-sent-ts=\(milliseconds);user-id=\(message.userID) "
                + "\(server) USERNOTICE #streamer"
        }
    }

    private func csv(_ message: ChatMessage) -> String {
        let fields = [
            seconds(message), message.userID, message.displayName, message.text, message.noticeName ?? "message",
            message.noticeCount, message.id?.description ?? "",
        ]
        return fields.map { field in
            let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }
            return needsQuotes || field.first == " " || field.last == " "
                ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }.joined(separator: ",")
    }

    /// Seconds with three decimals.
    private func seconds(_ message: ChatMessage) -> String {
        let milliseconds = message.time.nanoseconds / 1_000_000
        let fraction = String(milliseconds.magnitude % 1000)
        return (milliseconds < 0 ? "-" : "") + String(milliseconds.magnitude / 1000) + "."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// A JSON string with its quotation marks.
    static func json(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension ChatMessage {
    /// Whether it takes something away instead of adding something.
    fileprivate var isModeration: Bool {
        switch kind {
        case .clear, .deletedMessage: true
        default: false
        }
    }

    /// Twitch's `msg-id` for the kind of line; nil for an ordinary message.
    fileprivate var noticeName: String? {
        switch kind {
        case .message, .clear, .deletedMessage: nil
        case .raid: "raid"
        case .gift(let count): count > 1 ? "submysterygift" : "subgift"
        case .subscription: "resub"
        case .system: "announcement"
        }
    }

    /// The number of viewers or gifts; empty where there is none.
    fileprivate var noticeCount: String {
        switch kind {
        case .raid(let viewers): String(viewers)
        case .gift(let count) where count > 1: String(count)
        default: ""
        }
    }

    /// The counts of a notice as further JSON members.
    fileprivate var noticeParameters: String {
        switch kind {
        case .raid(let viewers): #","msg-param-viewerCount":"\#(viewers)""#
        case .gift(let count) where count > 1: #","msg-param-mass-gift-count":"\#(count)""#
        default: ""
        }
    }

    /// The counts of a notice as further IRC tags.
    fileprivate var noticeTags: String {
        switch kind {
        case .raid(let viewers): ";msg-param-viewerCount=\(viewers)"
        case .gift(let count) where count > 1: ";msg-param-mass-gift-count=\(count)"
        default: ""
        }
    }
}
