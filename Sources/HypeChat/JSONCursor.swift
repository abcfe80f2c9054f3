/// A string in a JSON text, still in its written form.
struct JSONText {
    /// The bytes between the quotation marks.
    var bytes: ByteSlice
    /// Whether a backslash occurs.
    var isEscaped: Bool

    /// An empty string.
    static var empty: JSONText { JSONText(bytes: .none, isEscaped: false) }

    /// The string itself; broken escapes and surrogates become U+FFFD.
    var string: String { isEscaped ? JSONUnescaper.string(bytes) : bytes.text }
}

/// A forward reader of JSON that never looks beyond its bytes.
///
/// It is made for picking a few members out of large records: what is not asked for is skipped without being checked in
/// detail (balanced brackets and closed strings are enough), so it accepts some texts that are not JSON.
struct JSONCursor {
    /// Brackets deeper than this are refused.
    static let maximumDepth = 128

    private let bytes: ByteSlice
    private let end: Int
    /// Offset of the next byte.
    private(set) var position: Int
    /// Whether reading failed for want of bytes rather than because of the bytes.
    private(set) var ranOut = false

    /// Creates a reader of a piece of a buffer.
    init(_ bytes: ByteSlice, at position: Int = 0) {
        self.bytes = bytes
        end = bytes.count
        self.position = min(max(0, position), bytes.count)
    }

    /// The byte at the current place after white space, or nil at the end.
    @inline(__always)
    mutating func peek() -> UInt8? {
        while position < end {
            let byte = bytes[position]
            if byte > 0x20 || !byte.isWhitespace { return byte }
            position += 1
        }
        ranOut = true
        return nil
    }

    /// Reads a byte after white space if it is the expected one.
    @inline(__always)
    mutating func take(_ expected: UInt8) -> Bool {
        guard peek() == expected else { return false }
        position += 1
        return true
    }

    /// Moves on by one byte, whatever it is.
    mutating func advance() { position = min(end, position + 1) }

    /// Reads the opening brace of an object.
    @inline(__always)
    mutating func enterObject() -> Bool { take(UInt8(ascii: "{")) }

    /// Reads the name of the next member and its colon.
    ///
    /// - Returns: The name, or nil after the closing brace, which is read, and where the text is broken: then ``closed``
    ///   is false.
    @inline(__always)
    mutating func nextKey() -> JSONText? {
        closed = false
        // Without white space a name follows the comma at once.
        if position + 1 < end, bytes[position] == UInt8(ascii: ","), bytes[position + 1] == UInt8(ascii: "\"") {
            position += 1
            guard let key = readString(), take(UInt8(ascii: ":")) else { return nil }
            return key
        }
        guard var byte = peek() else { return nil }
        if byte == UInt8(ascii: ",") {
            position += 1
            guard let next = peek() else { return nil }
            byte = next
        }
        if byte == UInt8(ascii: "}") {
            position += 1
            closed = true
            return nil
        }
        guard let key = readString(), take(UInt8(ascii: ":")) else { return nil }
        return key
    }

    /// Whether the last ``nextKey()`` met the end of the object.
    private(set) var closed = false

    /// Reads a string.
    @inline(__always)
    mutating func readString() -> JSONText? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        guard let escaped = skipStringTail() else { return nil }
        return JSONText(bytes: ByteSlice(rebasing: bytes[start..<(position - 1)]), isEscaped: escaped)
    }

    /// Reads up to and with the closing quotation mark.
    ///
    /// - Returns: Whether a backslash occurred, or nil where the string does not end.
    @inline(__always)
    private mutating func skipStringTail() -> Bool? {
        var escaped = false
        var index = position
        while true {
            // Eight bytes at a time, while the buffer lasts. (SIMD16 was fifteen times slower with Swift 6.3.1.)
            while index + 8 <= end {
                let word = bytes.word(at: index)
                let hits = word.lanes(equalTo: UInt8(ascii: "\"")) | word.lanes(equalTo: UInt8(ascii: "\\"))
                if hits != 0 {
                    index += hits.trailingZeroBitCount >> 3
                    break
                }
                index += 8
            }
            guard index < end else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return escaped
            }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                index += 2
            } else {
                index += 1
            }
        }
        position = end
        ranOut = true
        return nil
    }

    /// Reads any value and forgets it.
    ///
    /// - Returns: False where there is no value or it does not end.
    @inline(__always)
    mutating func skipValue() -> Bool {
        guard let byte = peek() else { return false }
        switch byte {
        case UInt8(ascii: "\""):
            position += 1
            return skipStringTail() != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return skipContainer()
        default:
            return readScalar() != nil
        }
    }

    /// Reads a number or one of the three names; what it means is for others to say.
    @inline(__always)
    mutating func readScalar() -> ByteSlice? {
        guard peek() != nil else { return nil }
        let start = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0a, 0x0d, 0x09:
                return position > start ? ByteSlice(rebasing: bytes[start..<position]) : nil
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"):
                return nil
            default:
                position += 1
            }
        }
        ranOut = true
        return nil
    }

    /// Reads the rest of an object that has been entered, with its closing brace.
    mutating func skipToClose() -> Bool { skipContainer(depth: 1) }

    private mutating func skipContainer(depth start: Int = 0) -> Bool {
        var depth = start
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard skipStringTail() != nil else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= Self.maximumDepth else { return false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return true }
            default: continue
            }
        }
        ranOut = true
        return false
    }
}
