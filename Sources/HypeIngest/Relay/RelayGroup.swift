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
    private(set) var packets: [ByteBuffer] = []
    /// Bytes of the packets with ``packetOverhead`` for each.
    private(set) var cost = 0

    init(start: Int64, isDecodable: Bool) {
        self.start = start
        self.isDecodable = isDecodable
    }

    mutating func append(_ bytes: ByteBuffer) {
        packets.append(bytes)
        cost += bytes.readableBytes + Self.packetOverhead
    }
}
