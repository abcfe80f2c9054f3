/// A way of writing chat down.
package enum ChatLogFormat: String, CaseIterable, Hashable, Sendable, Codable {
    /// The JSON document of TwitchDownloader: `{"comments": […]}`.
    case twitchDownloader
    /// The JSON array of chat-downloader.
    case chatDownloader
    /// One JSON object per line, as chat-downloader writes into a `.jsonl` file.
    case chatDownloaderLines
    /// Raw lines of Twitch's IRC server with tags, optionally each with the logger's own time in front.
    case irc
    /// Comma, semicolon or tab separated values (RFC 4180) with a time, a user and a text.
    case csv

    /// What the format is called in messages for people.
    package var displayName: String {
        switch self {
        case .twitchDownloader: "TwitchDownloader JSON"
        case .chatDownloader: "chat-downloader JSON"
        case .chatDownloaderLines: "chat-downloader JSON lines"
        case .irc: "raw IRC log"
        case .csv: "CSV"
        }
    }

    /// A sentence part that lists what can be read.
    static var list: String {
        "TwitchDownloader JSON, chat-downloader JSON or JSON lines, a raw IRC log with tags, "
            + "or CSV with the columns time, user and text"
    }
}

extension ChatLogFormat {
    /// Recognises a format by the first bytes of a file, without regard to its name.
    ///
    /// - Parameter prefix: The beginning of the file in UTF-8 without byte order mark; 64 KiB are enough.
    init?(detecting prefix: ByteSlice) {
        let head = prefix.trimmed
        switch head.first {
        case UInt8(ascii: "{"):
            guard let format = Self.jsonObject(head) else { return nil }
            self = format
        case UInt8(ascii: "["):
            if let next = head.slice(1, head.count).trimmed.first, next != UInt8(ascii: "{"), next != UInt8(ascii: "]")
            {
                guard let format = Self.lines(prefix) else { return nil }
                self = format
            } else {
                self = .chatDownloader
            }
        case nil: return nil
        default:
            guard let format = Self.lines(prefix) else { return nil }
            self = format
        }
    }

    /// Tells one big document from an object per line by the names in the first object.
    private static func jsonObject(_ head: ByteSlice) -> ChatLogFormat? {
        var cursor = JSONCursor(head)
        guard cursor.enterObject() else { return nil }
        while let key = cursor.nextKey() {
            switch key.bytes {
            case let name where name.equals("comments") || name.equals("embeddedData") || name.equals("FileInfo"):
                return .twitchDownloader
            case let name where name.equals("streamer") || name.equals("video"):
                return .twitchDownloader
            case let name where JSONRecord.names.contains { name.equals($0) }:
                return .chatDownloaderLines
            default:
                guard cursor.skipValue() else { return nil }
            }
        }
        return nil
    }

    /// Tells IRC from CSV by the first hundred lines.
    private static func lines(_ prefix: ByteSlice) -> ChatLogFormat? {
        var position = 0
        var rows = 0
        var firstLine: ByteSlice?
        while rows < 100, let line = prefix.nextLine(&position, isLast: true) {
            let trimmed = line.trimmed
            guard !trimmed.isEmpty else { continue }
            firstLine = firstLine ?? trimmed
            rows += 1
            if let irc = IRCLogLine(trimmed)?.line, irc.isTwitchCommand { return .irc }
        }
        guard let firstLine else { return nil }
        var second: ByteSlice?
        var after = 0
        _ = prefix.nextLine(&after, isLast: true)
        second = prefix.nextLine(&after, isLast: true)
        return CSVLayout(header: firstLine) != nil || CSVLayout(firstRow: firstLine) != nil
            || second.flatMap { CSVLayout(firstRow: $0.trimmed) } != nil ? .csv : nil
    }
}
