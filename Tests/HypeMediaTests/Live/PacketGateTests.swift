import HypeCore
import HypeMedia
import Testing

struct PacketGateTests {
    /// Asks the gate, which the macros must not change.
    private func admit(_ gate: inout PacketGate, _ packet: Packet) -> Bool { gate.admits(packet) }

    @Test func dropsPicturesBeforeTheFirstKeyFrame() {
        var gate = PacketGate()
        #expect(!admit(&gate, Synthetic.packet(.video, at: 0)))
        #expect(gate.picturesBeforeKeyFrame == 1)
        #expect(admit(&gate, Synthetic.packet(.audio, at: 0)))
        #expect(admit(&gate, Synthetic.packet(.video, at: 40, isKey: true)))
        #expect(admit(&gate, Synthetic.packet(.video, at: 80)))
    }

    @Test func joinsOnToWhatIsRecordedAlready() {
        var gate = PacketGate()
        let stream = Synthetic.stream(seconds: 2)
        for packet in stream.prefix(100) { #expect(admit(&gate, packet)) }
        gate.reopen()
        // The relay repeats the group from 1 s on.
        let repeated = stream.filter { ($0.pts ?? 0) >= 1000 }
        let admitted = repeated.filter { gate.admits($0) }
        #expect(admitted.map(Identity.init) == stream.dropFirst(100).map(Identity.init))
    }

    @Test func waitsForAKeyFrameAfterAnInterruption() {
        var gate = PacketGate()
        #expect(admit(&gate, Synthetic.packet(.video, at: 0, isKey: true)))
        gate.reopen()
        #expect(!admit(&gate, Synthetic.packet(.video, at: 4000)))
        #expect(admit(&gate, Synthetic.packet(.video, at: 4040, isKey: true)))
    }

    @Test func nothingComesTwiceOrFromThePast() {
        var gate = PacketGate(after: [.sound: MediaTime(seconds: 1)])
        #expect(!admit(&gate, Synthetic.packet(.audio, at: 1000)))
        #expect(!admit(&gate, Synthetic.packet(.audio, at: 20)))
        #expect(admit(&gate, Synthetic.packet(.audio, at: 1020)))
    }
}
