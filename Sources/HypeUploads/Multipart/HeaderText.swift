/// Text out of header bytes, in the encodings that clients really use.
enum HeaderText {
    /// Reads bytes as UTF-8, or as Latin-1 where they are not.
    static func decoded(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// Reads a name of a form, in which browsers write a quotation mark and line ends as `%22`, `%0D` and `%0A`.
    ///
    /// Source: HTML Living Standard, "Multipart form data". Other escapes stay as they are, since a browser does not
    /// escape the percent sign.
    static func formName(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let sign: UInt8? =
                switch byte == UInt8(ascii: "%") ? String(decoding: rest.prefix(2), as: UTF8.self).uppercased() : "" {
                case "22": UInt8(ascii: "\"")
                case "0D": 0x0d
                case "0A": 0x0a
                default: nil
                }
            text.append(sign ?? byte)
            if sign != nil { rest = rest.dropFirst(2) }
        }
        return decoded(text)
    }

    /// Reads an extended parameter such as `UTF-8'en'%e2%82%ac%20rates` (RFC 8187, formerly RFC 5987).
    ///
    /// - Returns: Nil where the form is broken or the encoding is neither UTF-8 nor Latin-1.
    static func extended(_ bytes: [UInt8]) -> String? {
        let pieces = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return nil }
        var content: [UInt8] = []
        var rest = pieces[2]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy(isHexadecimal),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                content.append(value)
                rest = rest.dropFirst(2)
            } else {
                guard HeaderParameters.isToken(byte) else { return nil }
                content.append(byte)
            }
        }
        return switch String(decoding: pieces[0], as: UTF8.self).lowercased() {
        case "utf-8": String(validating: content, as: UTF8.self)
        case "iso-8859-1": String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
        default: nil
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Character(Unicode.Scalar(byte)).isHexDigit
    }
}
