/// Makes texts comparable that a reader would call the same.
enum TextFolding {
    /// Digest of a text without regard to the case of ASCII letters, to blanks, and to how often a character or a pair
    /// of characters is repeated (`LOOOL` is `lol`, `hahaha` is `haha`).
    ///
    /// - Returns: 0 for a text of nothing but blanks.
    static func digest(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            var (last, beforeLast, thirdLast, fourthLast): (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
            var isEmpty = true
            for byte in bytes {
                guard byte > 0x20 else { continue }
                let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if folded < 0x80, folded == last { continue }
                if folded < 0x80, folded == beforeLast, last == thirdLast, beforeLast == fourthLast { continue }
                (fourthLast, thirdLast, beforeLast, last) = (thirdLast, beforeLast, last, folded)
                hash = (hash ^ UInt64(folded)) &* 0x100_0000_01b3
                isEmpty = false
            }
            return isEmpty ? 0 : hash
        }
    }

    /// Digest of the very text, fast; 0 for an empty one.
    ///
    /// Eight bytes at a time are mixed by multiplication (the finalizer of SplitMix64).
    static func exactDigest(_ text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { bytes in
            var hash = UInt64(bytes.count) &* 0x9e37_79b9_7f4a_7c15
            var index = 0
            while index < bytes.count {
                var word: UInt64 = 0
                if index + 8 <= bytes.count {
                    word = bytes.word(at: index)
                } else {
                    for offset in index..<bytes.count { word = word << 8 | UInt64(bytes[offset]) }
                }
                hash = (hash ^ word) &* 0xbf58_476d_1ce4_e5b9
                hash ^= hash >> 29
                index += 8
            }
            return hash
        }
    }

    /// A text for display: runs of white space become one blank, and it is cut to a length.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - limit: Most characters of the result.
    /// - Returns: The text, with `…` at the end where it was cut.
    static func displayed(_ text: String, limit: Int = 60) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= limit ? words : words.prefix(limit - 1) + "…"
    }
}
