/// A piece of a buffer that somebody else keeps alive for as long as the piece is used.
typealias ByteSlice = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    /// A piece of nothing.
    static var none: Self { Self(start: nil, count: 0) }

    /// Whether the bytes are those of a literal.
    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        return matches(literal.utf8Start, count: count, at: 0)
    }

    /// Whether the bytes begin with those of a literal.
    @inline(__always)
    func starts(with literal: StaticString) -> Bool {
        count >= literal.utf8CodeUnitCount && matches(literal.utf8Start, count: literal.utf8CodeUnitCount, at: 0)
    }

    /// Whether the bytes of a literal occur anywhere.
    func contains(_ literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard length <= count else { return false }
        return (0...(count - length)).contains { matches(literal.utf8Start, count: length, at: $0) }
    }

    @inline(__always)
    private func matches(_ other: UnsafePointer<UInt8>, count length: Int, at offset: Int) -> Bool {
        let bytes = UnsafeRawBufferPointer(self)
        let wanted = UnsafeRawBufferPointer(start: other, count: length)
        var index = 0
        while index + 8 <= length {
            let word = bytes.loadUnaligned(fromByteOffset: offset + index, as: UInt64.self)
            if word != wanted.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index += 8
        }
        while index < length {
            if bytes[offset + index] != wanted[index] { return false }
            index += 1
        }
        return true
    }

    /// The piece between two offsets, which are clamped to the bytes there are.
    @inline(__always)
    func slice(_ from: Int, _ to: Int) -> ByteSlice {
        let lower = Swift.min(Swift.max(0, from), count)
        let upper = Swift.min(Swift.max(lower, to), count)
        return ByteSlice(rebasing: self[lower..<upper])
    }

    /// Offset of the first such byte at or after an offset, or nil.
    @inline(__always)
    func firstOffset(of byte: UInt8, from offset: Int = 0) -> Int? {
        var index = offset
        while index + 8 <= count {
            let hits = word(at: index).lanes(equalTo: byte)
            if hits != 0 { return index + (hits.trailingZeroBitCount >> 3) }
            index += 8
        }
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Eight bytes as one number, the first byte lowest.
    ///
    /// - Precondition: `offset + 8` is at most `count`.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes without ASCII white space at either end.
    var trimmed: ByteSlice {
        var lower = 0
        var upper = count
        while lower < upper, self[lower].isWhitespace { lower += 1 }
        while upper > lower, self[upper - 1].isWhitespace { upper -= 1 }
        return slice(lower, upper)
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    @inline(__always)
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
    /// Whether it is an ASCII blank, tab, carriage return or line feed.
    @inline(__always)
    var isWhitespace: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }

    /// Whether it is an ASCII decimal digit.
    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }
}

extension UInt64 {
    /// The top bit of each byte lane that equals a byte; lanes above the first such one may be set wrongly.
    ///
    /// Source: "determine if a word has a byte equal to n" in S. E. Anderson's Bit Twiddling Hacks.
    @inline(__always)
    func lanes(equalTo byte: UInt8) -> UInt64 {
        let low: UInt64 = 0x0101_0101_0101_0101
        let difference = self ^ (low &* UInt64(byte))
        return (difference &- low) & ~difference & (low &* 0x80)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Cuts the next line off, which ends with `\n` or `\r\n`.
    ///
    /// - Parameters:
    ///   - position: Where to begin; afterwards the offset after the line ending.
    ///   - isLast: Whether a line without ending is complete.
    /// - Returns: The line without its ending, or nil where no complete line is left.
    @inline(__always)
    func nextLine(_ position: inout Int, isLast: Bool) -> ByteSlice? {
        let start = position
        if let end = firstOffset(of: 0x0a, from: start) {
            position = end + 1
            return slice(start, end > start && self[end - 1] == 0x0d ? end - 1 : end)
        }
        guard isLast, start < count else { return nil }
        position = count
        return slice(start, self[count - 1] == 0x0d ? count - 1 : count)
    }
}
