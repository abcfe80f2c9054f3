internal import NIOCore

/// Elements of the Extensible Binary Meta Language (RFC 8794), written into a buffer.
struct EBML {
    /// What was written.
    private(set) var bytes = ByteBuffer()

    /// Appends an element that holds others.
    mutating func master(_ id: UInt32, _ body: (inout EBML) -> Void) {
        var inner = EBML()
        body(&inner)
        binary(id, inner.bytes)
    }

    /// Appends bytes.
    mutating func binary(_ id: UInt32, _ content: ByteBuffer) {
        head(id, size: content.readableBytes)
        bytes.writeImmutableBuffer(content)
    }

    /// Appends an unsigned integer in as few bytes as it takes.
    mutating func unsigned(_ id: UInt32, _ value: UInt64) {
        let length = max(1, (64 - value.leadingZeroBitCount + 7) / 8)
        head(id, size: length)
        for shift in (0..<length).reversed() { bytes.writeInteger(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }

    /// Appends a floating-point number.
    mutating func float(_ id: UInt32, _ value: Double) {
        head(id, size: 8)
        bytes.writeInteger(value.bitPattern)
    }

    /// Appends text.
    mutating func text(_ id: UInt32, _ value: String) {
        binary(id, ByteBuffer(string: value))
    }

    /// Appends the beginning of an element whose end is that of the stream.
    mutating func endless(_ id: UInt32) {
        writeID(id)
        bytes.writeInteger(UInt64(0x01ff_ffff_ffff_ffff))
    }

    /// Appends an element's identifier and size; the content has to follow.
    mutating func head(_ id: UInt32, size: Int) {
        writeID(id)
        // A size of n bytes has 7n bits, of which all ones mean “unknown”.
        let length = (1...8).first { size < 1 << (7 * $0) - 1 } ?? 8
        let marked = UInt64(size) | 1 << UInt64(7 * length)
        for shift in (0..<length).reversed() { bytes.writeInteger(UInt8(truncatingIfNeeded: marked >> (8 * shift))) }
    }

    /// Appends raw bytes, as the content behind ``head(_:size:)``.
    mutating func append(_ content: ByteBuffer) {
        bytes.writeImmutableBuffer(content)
    }

    /// Makes room for what will be written.
    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    private mutating func writeID(_ id: UInt32) {
        let length = max(1, (32 - id.leadingZeroBitCount + 7) / 8)
        for shift in (0..<length).reversed() { bytes.writeInteger(UInt8(truncatingIfNeeded: id >> (8 * shift))) }
    }
}
