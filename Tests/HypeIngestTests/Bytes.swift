import NIOCore

/// Bytes written as hexadecimal digits, blanks between them as one likes.
func bytes(_ hex: String) -> ByteBuffer {
    let digits = hex.filter { !$0.isWhitespace }
    var buffer = ByteBuffer()
    var rest = digits[...]
    while rest.count > 1 {
        buffer.writeInteger(UInt8(rest.prefix(2), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
    }
    return buffer
}

extension ByteBuffer {
    /// The readable bytes as hexadecimal digits.
    var hex: String {
        readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The bytes of several buffers, one after the other.
    static func joined(_ parts: [ByteBuffer]) -> ByteBuffer {
        parts.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }

    /// Bytes of a pattern that differs from place to place.
    static func pattern(_ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    }
}
