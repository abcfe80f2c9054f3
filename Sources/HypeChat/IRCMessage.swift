/// A message of the IRC protocol with IRCv3 tags.
///
/// Matches the parser vectors of ircdocs (<https://github.com/ircdocs/parser-tests>).
package struct IRCMessage: Hashable, Sendable {
    /// The tags, unescaped; a tag without value has an empty one, of two with the same name the last counts.
    package var tags: [String: String]
    /// Who sent it, without the leading colon; nil where the line does not say.
    package var source: IRCSource?
    /// The command word or three-digit number.
    package var verb: String
    /// The parameters, of which only the last may be empty or hold blanks.
    package var parameters: [String]

    /// Creates a message from its parts.
    package init(tags: [String: String] = [:], source: IRCSource? = nil, verb: String, parameters: [String] = []) {
        self.tags = tags
        self.source = source
        self.verb = verb
        self.parameters = parameters
    }

    /// Reads a line.
    ///
    /// The result is nil where there is no command word.
    ///
    /// - Parameter line: The line; a line ending is ignored.
    package init?(_ line: String) {
        var line = line
        let parsed = line.withUTF8 { bytes -> IRCMessage? in
            var end = bytes.count
            while end > 0, bytes[end - 1] == 0x0a || bytes[end - 1] == 0x0d { end -= 1 }
            return IRCLine(bytes.slice(0, end)).map(Self.init)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Copies the parts of a line.
    init(_ line: IRCLine) {
        tags = [:]
        var reader = IRCTagReader(line.tags)
        while let tag = reader.next() {
            tags[tag.name.text] = IRCTagReader.unescaped(tag.value)
        }
        source = line.source.map { IRCSource($0.text) }
        verb = line.verb.text
        parameters = []
        var position = 0
        while let parameter = line.nextParameter(&position) { parameters.append(parameter.text) }
    }

    /// The line as it goes over the wire, without line ending; tags in the order of their names.
    ///
    /// - Precondition: Only the last parameter is empty, holds a blank or begins with a colon.
    package var line: String {
        var words: [String] = []
        if !tags.isEmpty {
            let list = tags.sorted { $0.key < $1.key }.map { name, value in
                value.isEmpty ? name : name + "=" + Self.escaped(value)
            }
            words.append("@" + list.joined(separator: ";"))
        }
        if let source { words.append(":" + source.description) }
        words.append(verb)
        for (index, parameter) in parameters.enumerated() {
            let isTrailing =
                index == parameters.count - 1
                && (parameter.isEmpty || parameter.hasPrefix(":") || parameter.contains(" "))
            words.append(isTrailing ? ":" + parameter : parameter)
        }
        return words.joined(separator: " ")
    }

    /// The written form of a tag's value.
    static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            for scalar in character.unicodeScalars {
                switch scalar {
                case ";": text += #"\:"#
                case " ": text += #"\s"#
                case "\\": text += #"\\"#
                case "\r": text += #"\r"#
                case "\n": text += #"\n"#
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

/// Who sent an IRC message: a server, or a user as `nick!user@host`.
package struct IRCSource: Hashable, Sendable, CustomStringConvertible {
    /// The nick name, or the server's name.
    package var nick: String
    /// The user name; empty where the source has none.
    package var user: String
    /// The host name; empty where the source has none.
    package var host: String

    /// Splits a source, given without its leading colon.
    package init(_ text: String) {
        let scalars = text.unicodeScalars
        let beforeHost = scalars.firstIndex(of: "@")
        let beforeUser = scalars[..<(beforeHost ?? scalars.endIndex)].firstIndex(of: "!")
        nick = String(scalars[..<(beforeUser ?? beforeHost ?? scalars.endIndex)])
        user = beforeUser.map { String(scalars[scalars.index(after: $0)..<(beforeHost ?? scalars.endIndex)]) } ?? ""
        host = beforeHost.map { String(scalars[scalars.index(after: $0)...]) } ?? ""
    }

    package var description: String {
        nick + (user.isEmpty ? "" : "!" + user) + (host.isEmpty ? "" : "@" + host)
    }
}

/// A pattern for `nick!user@host` in which `*` stands for any text and `?` for one character.
package struct IRCMask: Hashable, Sendable {
    private let pattern: [Unicode.Scalar]

    /// Creates a mask.
    package init(_ pattern: String) {
        self.pattern = Array(pattern.unicodeScalars)
    }

    /// Whether a source fits the mask.
    ///
    /// Takes time proportional to the product of both lengths at worst.
    package func matches(_ source: String) -> Bool {
        let text = Array(source.unicodeScalars)
        var (patternIndex, textIndex) = (0, 0)
        var retry: (pattern: Int, text: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                patternIndex += 1
                retry = (patternIndex, textIndex)
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == text[textIndex]
            {
                patternIndex += 1
                textIndex += 1
            } else if let last = retry {
                patternIndex = last.pattern
                textIndex = last.text + 1
                retry = (last.pattern, textIndex)
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
