/// A part of a ring that stays as it is, whatever the ring does.
package struct ReplaySnapshot: Sendable {
    /// The tracks.
    package let streams: [StreamInfo]
    /// Packets in file order; the first picture packet is a key frame.
    package let packets: [Packet]

    /// Creates a snapshot.
    package init(streams: [StreamInfo], packets: [Packet]) {
        self.streams = streams
        self.packets = packets
    }

    /// The same snapshot with packets that came after it, as from a ``PacketTap``.
    package func appending(_ later: [Packet]) -> ReplaySnapshot {
        ReplaySnapshot(streams: streams, packets: packets + later)
    }
}
