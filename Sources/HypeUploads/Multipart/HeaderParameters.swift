/// A header's value of the form `value; name=token; other="quoted \" text"`.
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private let parameters: [String: [UInt8]]

    /// Reads a header's value.
    ///
    /// A backslash escapes only a quotation mark or a backslash; before anything else it is itself, because old
    /// browsers send whole Windows paths as they are.
    ///
    /// Nil where the form is broken or a parameter is there twice.
    ///
    /// - Parameter bytes: The value as it came, in whatever encoding.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        let head = Self.trimmed(rest.prefix { $0 != UInt8(ascii: ";") })
        rest = rest.drop { $0 != UInt8(ascii: ";") }
        var parameters: [String: [UInt8]] = [:]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: ";") || Self.isBlank($0) }
            if rest.isEmpty { break }
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = Self.trimmed(rest[..<equals])
            guard !name.isEmpty, name.allSatisfy(Self.isToken) else { return nil }
            rest = rest[(equals + 1)...].drop(while: Self.isBlank)
            let content: [UInt8]
            if rest.first == UInt8(ascii: "\"") {
                guard let quoted = Self.takeQuoted(&rest) else { return nil }
                content = quoted
            } else {
                let token = rest.prefix { $0 != UInt8(ascii: ";") }
                rest = rest[token.endIndex...]
                content = Array(Self.trimmed(token))
            }
            let key = String(decoding: name, as: UTF8.self).lowercased()
            guard parameters.updateValue(content, forKey: key) == nil else { return nil }
        }
        value = String(decoding: head, as: UTF8.self).lowercased()
        self.parameters = parameters
    }

    /// The content of a parameter; its name is given in lower case.
    subscript(name: String) -> [UInt8]? { parameters[name] }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var content: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            let byte = rest[index]
            let next = index + 1 < rest.endIndex ? rest[index + 1] : 0
            if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "\\") || next == UInt8(ascii: "\"") {
                content.append(next)
                index += 2
            } else if byte == UInt8(ascii: "\"") {
                rest = rest[(index + 1)...].drop(while: isBlank)
                guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
                return content
            } else {
                content.append(byte)
                index += 1
            }
        }
        return nil
    }

    /// The bytes without blanks around them.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return [] }
        return start[...last]
    }

    /// Whether a byte is a space or a tab.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether a byte may stand in a token (RFC 9110 §5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
