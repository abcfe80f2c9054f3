package import NIOCore

/// Base64 of RFC 4648, section 4, in which binary packets travel over polling.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Writes bytes, encoded with padding.
    package static func encode(_ bytes: ByteBufferView, into buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: (bytes.count + 2) / 3 * 4)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let count = min(3, bytes.endIndex - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            buffer.writeInteger(alphabet[Int(group >> 18 & 63)])
            buffer.writeInteger(alphabet[Int(group >> 12 & 63)])
            buffer.writeInteger(count > 1 ? alphabet[Int(group >> 6 & 63)] : padding)
            buffer.writeInteger(count > 2 ? alphabet[Int(group & 63)] : padding)
            index += 3
        }
    }

    /// Decodes text; the padding may be missing.
    ///
    /// - Returns: The bytes, or nil when the text is not base64.
    package static func decode(_ text: some BidirectionalCollection<UInt8>) -> ByteBuffer? {
        var significant = text.count
        for byte in text.suffix(2).reversed() where byte == padding && significant > text.count - 2 { significant -= 1 }
        guard significant % 4 != 1 else { return nil }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(significant * 3 / 4)
        var group: UInt32 = 0
        var count = 0
        for byte in text.prefix(significant) {
            let value = values[Int(byte)]
            guard value != 0xFF else { return nil }
            group = group << 6 | UInt32(value)
            count += 1
            if count == 4 {
                buffer.writeMultipleIntegers(UInt8(group >> 16 & 0xFF), UInt8(group >> 8 & 0xFF), UInt8(group & 0xFF))
                group = 0
                count = 0
            }
        }
        if count == 3 {
            buffer.writeMultipleIntegers(UInt8(group >> 10 & 0xFF), UInt8(group >> 2 & 0xFF))
        } else if count == 2 {
            buffer.writeInteger(UInt8(group >> 4 & 0xFF))
        }
        return buffer
    }
}
