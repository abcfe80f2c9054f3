internal import NIOCore

/// Packets that are dropped together: a group of pictures with its sound, or half a second of sound.
struct RelayGroup: Sendable {
    /// Bytes that each packet counts beyond its own, for its entry in the list.
    static let packetOverhead = 64

    /// Session time of the first packet, in milliseconds.
    let start: Int64
    /// Whether it begins with a frame that can be decoded alone.
    let isDecodable: Bool
    /// The packets as the reader gets them.
    ///
    /// Arrays, because a buffer's storage is rounded up to a power of two: up to twice the memory, 1.4 times measured.
    private(set) var packets: [[UInt8]] = []
    /// Bytes of the packets with ``packetOverhead`` for each.
    private(set) var cost = 0

    init(start: Int64, isDecodable: Bool) {
        self.start = start
        self.isDecodable = isDecodable
    }

    mutating func append(_ bytes: ByteBuffer) {
        packets.append(Array(bytes.readableBytesView))
        cost += bytes.readableBytes + Self.packetOverhead
    }
}
