import HypeCore

/// Packets of a ring that come and go together: a key frame with all that leans on it, and the sound in between.
struct PacketGroup: Sendable {
    /// The packets in file order.
    private(set) var packets: [Packet] = []
    /// Sum of what the packets count for a ring's bytes.
    private(set) var cost = 0
    /// Whether decoding can begin at the group's first picture.
    private(set) var isDecodable: Bool
    /// Time of the key frame, or of the first packet where there is none; nil without time stamps.
    private(set) var start: MediaTime?

    init(isDecodable: Bool) {
        self.isDecodable = isDecodable
    }

    mutating func append(_ packet: Packet) {
        packets.append(packet)
        cost += packet.cost
        if start == nil { start = packet.time }
    }

    /// Puts sound of an earlier group in front, leaving the group's start at its key frame.
    mutating func prepend(_ sound: [Packet]) {
        packets.insert(contentsOf: sound, at: 0)
        cost += sound.reduce(0) { $0 + $1.cost }
    }

    /// The last sound packets that end after a time and cost no more than a number of bytes.
    func sound(after time: MediaTime?, within bytes: Int) -> [Packet] {
        guard let time else { return [] }
        var room = bytes
        var kept: [Packet] = []
        for packet in packets.reversed() where packet.kind == .audio {
            guard let end = packet.end, end > time, packet.cost <= room else { continue }
            room -= packet.cost
            kept.append(packet)
        }
        return kept.reversed()
    }

    /// Drops packets from the front until the group costs no more than a number of bytes; its key frame goes first.
    mutating func trim(toCost bytes: Int) {
        var dropped = 0
        var left = cost
        while left > bytes, dropped < packets.count {
            left -= packets[dropped].cost
            dropped += 1
        }
        drop(dropped)
    }

    /// Drops packets from the front that lie before a time.
    mutating func trim(before time: MediaTime) {
        drop(packets.prefix { $0.time.map { $0 < time } ?? true }.count)
    }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        packets.removeFirst(count)
        cost = packets.reduce(0) { $0 + $1.cost }
        isDecodable = isDecodable && packets.allSatisfy { $0.kind == .audio }
        start = packets.lazy.compactMap(\.time).first
    }
}

extension Packet {
    /// What the packet counts for a ring's bytes.
    var cost: Int { bytes.count + ReplayRing.packetOverhead }
}
