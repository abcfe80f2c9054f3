/// Turns the written form of a JSON string into text.
enum JSONUnescaper {
    /// Resolves the escapes of RFC 8259, section 7.
    ///
    /// - Parameter bytes: What stands between the quotation marks.
    /// - Returns: The text; unpaired surrogates and broken escapes become U+FFFD.
    static func string(_ bytes: ByteSlice) -> String {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                utf8.append(byte)
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "n"): utf8.append(0x0a)
            case UInt8(ascii: "t"): utf8.append(0x09)
            case UInt8(ascii: "r"): utf8.append(0x0d)
            case UInt8(ascii: "b"): utf8.append(0x08)
            case UInt8(ascii: "f"): utf8.append(0x0c)
            case UInt8(ascii: "u"): utf8.append(contentsOf: String(scalar(bytes, at: &index)).utf8)
            default: utf8.append(escape)
            }
        }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// Reads the four digits after `\u`, and a second escape where the first is half of a surrogate pair.
    private static func scalar(_ bytes: ByteSlice, at index: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{fffd}"
        guard let first = unit(bytes, at: index) else { return replacement }
        index += 4
        guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
            let second = unit(bytes, at: index + 2), (0xdc00..<0xe000).contains(second)
        else { return replacement }
        index += 6
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? replacement
    }

    private static func unit(_ bytes: ByteSlice, at index: Int) -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = bytes[index + offset].hexDigit else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
