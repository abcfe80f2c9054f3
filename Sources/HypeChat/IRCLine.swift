/// The parts of a line of IRC, as pieces of the line itself.
///
/// Follows the ircdocs message grammar (RFC 1459 with IRCv3 tags): runs of blanks part the words, a word that begins
/// with `:` is the last parameter and may hold blanks. <https://modern.ircdocs.horse/#message-format>
struct IRCLine {
    /// What stands after `@`, empty where there are no tags.
    let tags: ByteSlice
    /// What stands after the first `:`, or nil.
    let source: ByteSlice?
    /// The command word.
    let verb: ByteSlice
    private let parameters: ByteSlice

    /// Splits a line.
    ///
    /// The result is nil where there is no command word.
    /// - Parameter line: The line without its line ending.
    @inline(__always)
    init?(_ line: ByteSlice) {
        var position = 0
        tags = line.first == UInt8(ascii: "@") ? Self.word(line, &position).slice(1, .max) : .none
        Self.skipBlanks(line, &position)
        if position < line.count, line[position] == UInt8(ascii: ":") {
            source = Self.word(line, &position).slice(1, .max)
            Self.skipBlanks(line, &position)
        } else {
            source = nil
        }
        verb = Self.word(line, &position)
        guard !verb.isEmpty else { return nil }
        parameters = line.slice(position, line.count)
    }

    /// The next parameter.
    ///
    /// - Parameter position: Where to go on; 0 for the first parameter.
    /// - Returns: The parameter, or nil after the last.
    @inline(__always)
    func nextParameter(_ position: inout Int) -> ByteSlice? {
        Self.skipBlanks(parameters, &position)
        guard position < parameters.count else { return nil }
        if parameters[position] == UInt8(ascii: ":") {
            let start = position + 1
            position = parameters.count
            return parameters.slice(start, parameters.count)
        }
        return Self.word(parameters, &position)
    }

    /// Whether the command is one that Twitch's server sends or a client sends to it.
    var isTwitchCommand: Bool {
        if verb.equals("PING") || verb.equals("PONG") { return true }
        guard source != nil || !tags.isEmpty else { return false }
        if verb.count == 3, verb.allSatisfy(\.isDigit) { return true }
        return Self.twitchVerbs.contains { verb.equals($0) }
    }

    /// The commands of <https://dev.twitch.tv/docs/chat/irc/>.
    private static let twitchVerbs: [StaticString] = [
        "PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG", "JOIN", "PART", "NOTICE", "ROOMSTATE", "USERSTATE",
        "GLOBALUSERSTATE", "HOSTTARGET", "RECONNECT", "CAP", "WHISPER", "MODE",
    ]

    @inline(__always)
    private static func word(_ line: ByteSlice, _ position: inout Int) -> ByteSlice {
        let start = position
        position = line.firstOffset(of: 0x20, from: start) ?? line.count
        return line.slice(start, position)
    }

    @inline(__always)
    private static func skipBlanks(_ line: ByteSlice, _ position: inout Int) {
        while position < line.count, line[position] == 0x20 { position += 1 }
    }
}

/// A walk over the tags of a line.
struct IRCTagReader {
    private let tags: ByteSlice
    private var position = 0

    /// Begins at the first tag.
    @inline(__always)
    init(_ tags: ByteSlice) { self.tags = tags }

    /// The next tag with its value as it was sent, still escaped; an absent value is empty.
    @inline(__always)
    mutating func next() -> (name: ByteSlice, value: ByteSlice)? {
        while position < tags.count {
            let end = tags.firstOffset(of: UInt8(ascii: ";"), from: position) ?? tags.count
            let tag = tags.slice(position, end)
            position = end + 1
            guard !tag.isEmpty else { continue }
            guard let equals = tag.firstOffset(of: UInt8(ascii: "=")) else { return (tag, .none) }
            return (tag.slice(0, equals), tag.slice(equals + 1, tag.count))
        }
        return nil
    }

    /// The text of a tag's value: `\:` `\s` `\\` `\r` `\n` resolved, any other backslash dropped.
    static func unescaped(_ value: ByteSlice) -> String {
        guard value.firstOffset(of: UInt8(ascii: "\\")) != nil else { return value.text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            let byte = value[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard index < value.count else { break }
            switch value[index] {
            case UInt8(ascii: ":"): bytes.append(UInt8(ascii: ";"))
            case UInt8(ascii: "s"): bytes.append(0x20)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case let other: bytes.append(other)
            }
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
