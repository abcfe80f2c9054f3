/// A packet of a live source.
package struct LivePacket: Sendable {
    /// The packet, with time stamps on the session's clock; its ``Packet/track`` is that of one of the input's streams.
    package let packet: Packet
    /// Whether the tracks (codec, size, rate, number) are others from this packet on, see ``LiveInput/streams``.
    package let startsEpoch: Bool

    /// Creates a packet.
    package init(_ packet: Packet, startsEpoch: Bool = false) {
        self.packet = packet
        self.startsEpoch = startsEpoch
    }
}
