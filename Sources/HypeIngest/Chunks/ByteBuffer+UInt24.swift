internal import NIOCore

extension ByteBuffer {
    /// Reads an unsigned big-endian integer of three bytes; nil where fewer are there.
    mutating func readUInt24() -> UInt32? {
        guard readableBytes >= 3, let high = readInteger(as: UInt8.self), let low = readInteger(as: UInt16.self) else {
            return nil
        }
        return UInt32(high) << 16 | UInt32(low)
    }

    /// Writes the low three bytes of an integer, big-endian.
    mutating func writeUInt24(_ value: UInt32) {
        writeInteger(UInt8(truncatingIfNeeded: value >> 16))
        writeInteger(UInt16(truncatingIfNeeded: value))
    }
}
