import HypeCore

/// The picture packets of a snapshot, read like a file.
final class SnapshotSource: PictureSource {
    let damagedPackets: Int
    private let packets: [Packet]
    private let interrupt: MediaInterrupt
    private var position = 0

    init(_ snapshot: ReplaySnapshot, interrupt: MediaInterrupt) {
        packets = snapshot.packets.filter { $0.kind == .video }
        damagedPackets = packets.count { $0.isDamaged }
        self.interrupt = interrupt
    }

    func read(into holder: PacketHolder) throws(MediaError) -> Bool {
        try interrupt.check()
        guard position < packets.count else { return false }
        try holder.fill(from: packets[position])
        position += 1
        return true
    }

    func seek(to target: MediaTime) throws(MediaError) -> MediaTime? {
        let key = packets.lastIndex { packet in
            packet.isKey && packet.time.map { $0 <= target } ?? false
        }
        position = key ?? 0
        guard let key else { return nil }
        return packets[key].time
    }

    func rewind() { position = 0 }
}
