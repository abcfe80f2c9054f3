/// Parses JSON text into values.
struct JSONReader {
    /// How deep arrays and objects may be nested; a client must not be able to exhaust the stack.
    static let maximumDepth = 256

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private init(_ text: some Sequence<UInt8>) {
        bytes = Array(text)
    }

    /// Parses one text that must be JSON to its end.
    ///
    /// - Parameter text: Valid UTF-8.
    /// - Returns: The value.
    /// - Throws: When it is not JSON.
    static func read(_ text: some Sequence<UInt8>) throws(SocketIOJSONError) -> SocketIOValue {
        var reader = JSONReader(text)
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.index == reader.bytes.count else { throw reader.fault() }
        return value
    }

    private func fault() -> SocketIOJSONError {
        index < bytes.count ? .unexpectedByte(bytes[index], offset: index) : .unexpectedEnd
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func next() throws(SocketIOJSONError) -> UInt8 {
        skipBlanks()
        guard index < bytes.count else { throw .unexpectedEnd }
        return bytes[index]
    }

    private mutating func expect(_ byte: UInt8) throws(SocketIOJSONError) {
        guard try next() == byte else { throw fault() }
        index += 1
    }

    private mutating func value() throws(SocketIOJSONError) -> SocketIOValue {
        switch try next() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: SocketIOValue) throws(SocketIOJSONError) -> SocketIOValue
    {
        for byte in "\(word)".utf8 {
            guard index < bytes.count, bytes[index] == byte else { throw fault() }
            index += 1
        }
        return value
    }

    private mutating func enter() throws(SocketIOJSONError) {
        index += 1
        depth += 1
        guard depth <= Self.maximumDepth else { throw .tooDeep }
    }

    private mutating func array() throws(SocketIOJSONError) -> SocketIOValue {
        try enter()
        defer { depth -= 1 }
        var elements: [SocketIOValue] = []
        if try next() == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            switch try next() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .array(elements)
            default: throw fault()
            }
        }
    }

    private mutating func object() throws(SocketIOJSONError) -> SocketIOValue {
        try enter()
        defer { depth -= 1 }
        var members = SocketIOObject()
        if try next() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            guard try next() == UInt8(ascii: "\"") else { throw fault() }
            let name = try string()
            try expect(UInt8(ascii: ":"))
            members[name] = try value()
            switch try next() {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(members)
            default: throw fault()
            }
        }
    }

    private mutating func digits() throws(SocketIOJSONError) {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 < 10 { index += 1 }
        guard index > start else { throw fault() }
    }

    private mutating func number() throws(SocketIOJSONError) -> SocketIOValue {
        let start = index
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let first = index
        try digits()
        if index - first > 1, bytes[first] == UInt8(ascii: "0") {
            index = first + 1
            throw fault()
        }
        var isWhole = true
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let whole = Int(text) { return .int(whole) }
        guard let number = Double(text) else { throw .unexpectedByte(bytes[start], offset: start) }
        return .double(number)
    }

    private mutating func string() throws(SocketIOJSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw fault()
            default:
                index += 1
            }
        }
        throw .unexpectedEnd
    }

    /// The slow path: a string with at least one escape, the first of them at `index`.
    private mutating func escapedString(from start: Int) throws(SocketIOJSONError) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw fault()
            default:
                text.append(byte)
                index += 1
            }
        }
        throw .unexpectedEnd
    }

    private mutating func escape() throws(SocketIOJSONError) -> Unicode.Scalar {
        guard index < bytes.count else { throw .unexpectedEnd }
        let byte = bytes[index]
        let scalar: Unicode.Scalar
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            index += 1
            return try unicodeEscape()
        default: throw fault()
        }
        index += 1
        return scalar
    }

    /// A UTF-16 escape, or two that make one scalar; half a pair becomes U+FFFD.
    private mutating func unicodeEscape() throws(SocketIOJSONError) -> Unicode.Scalar {
        let high = try hexWord()
        if let scalar = Unicode.Scalar(high) { return scalar }
        let mark = index
        guard high < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        index += 2
        let low = try hexWord()
        guard (0xDC00...0xDFFF).contains(low) else {
            index = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexWord() throws(SocketIOJSONError) -> UInt32 {
        var word: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count else { throw .unexpectedEnd }
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: throw fault()
            }
            word = word << 4 | UInt32(digit)
            index += 1
        }
        return word
    }
}
