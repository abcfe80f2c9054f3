import CFFmpeg
package import HypeCore

/// A live source that libavformat reads: the relay, an address in the network, or a file at real speed.
package final class LiveDemuxer: LiveInput {
    /// The tracks.
    package var streams: [StreamInfo] { watches.map(\.stream) }
    /// How often the source's clock leapt.
    package var jumps: Int { sourceClock.jumps }

    private let address: LiveAddress
    private let interrupt: MediaInterrupt
    private let clock: SessionClock
    private let connection: LiveConnection
    private let holder: PacketHolder
    private var watches: [TrackWatch]
    private var sourceClock: SourceClock
    private var early: [LivePacket] = []
    private var isPrimed = false
    private var lastDecoded: [TrackID: Int64] = [:]

    /// Packets that are read at most until each track's parameters are known.
    private static let primingPackets = 400

    /// Connects to a source; blocks until its tracks are known.
    ///
    /// - Parameters:
    ///   - address: Where the source is.
    ///   - clock: The session's clock.
    ///   - front: The end of what was recorded before.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError``: `.sourceLost` where it may be tried again, `.cannotOpen`, `.noStreams`, `.cancelled`.
    package init(
        _ address: LiveAddress,
        clock: SessionClock,
        after front: MediaTime?,
        interrupt: MediaInterrupt
    ) throws(MediaError) {
        self.address = address
        self.clock = clock
        self.interrupt = interrupt
        connection = try LiveConnection(address, interrupt: interrupt)
        sourceClock = SourceClock(address.placement, beginning: connection.beginning, after: front)
        holder = try PacketHolder()
        watches = connection.tracks().map(TrackWatch.init)
        guard !watches.isEmpty else {
            throw MediaError(.sourceLost, "\(address.name) sends neither picture nor sound yet.")
        }
        try prime()
        isPrimed = true
    }

    package func next() throws(MediaError) -> LivePacket? {
        if !early.isEmpty { return try paced(early.removeFirst()) }
        return try paced(try read())
    }

    /// Reads until every track says what a muxer must know; sound in MPEG-TS does so in its first packet.
    private func prime() throws(MediaError) {
        while !watches.allSatisfy(\.isComplete), early.count < Self.primingPackets {
            guard let packet = try read() else { return }
            early.append(LivePacket(packet.packet))
        }
    }

    private func read() throws(MediaError) -> LivePacket? {
        while try connection.read(into: holder) {
            let index = Int(holder.pointer.pointee.stream_index)
            guard let watch = watches.first(where: { $0.stream.index == index }), !holder.bytes.isEmpty else {
                continue
            }
            let look = watch.look(at: holder)
            guard look.isUsable, let packet = packet(of: watch.stream) else { continue }
            return LivePacket(packet, startsEpoch: look.isChanged && isPrimed)
        }
        if address.endsForGood { return nil }
        throw MediaError(.sourceLost, "\(address.name) has ended the stream. It is tried again.")
    }

    private func packet(of stream: StreamInfo) -> Packet? {
        let raw = decodable(holder.packet(of: stream), of: stream)
        guard let time = raw.decodingTime else { return nil }
        let offset = sourceClock.offset(
            of: stream.id,
            decodingTime: time,
            duration: stream.timebase.span(raw.duration),
            arrival: clock.now
        )
        return raw.shifted(byTicks: stream.timebase.ticks(offset))
    }

    /// The packet with a decoding time, which some containers give late or not at all.
    private func decodable(_ packet: Packet, of stream: StreamInfo) -> Packet {
        guard packet.dts == nil, let pts = packet.pts else {
            lastDecoded[stream.id] = packet.dts
            return packet
        }
        let step = packet.duration > 0 ? packet.duration : stream.typicalDuration
        let delay = stream.kind == .video ? Int64(stream.parameters.pointer.pointee.video_delay) : 0
        let dts = min(pts, lastDecoded[stream.id].map { $0 + step } ?? pts - delay * step)
        lastDecoded[stream.id] = dts
        return packet.decoded(at: dts)
    }

    /// Holds a file's packet back until its time has come.
    private func paced(_ packet: LivePacket?) throws(MediaError) -> LivePacket? {
        guard address.isPaced, let packet, let time = packet.packet.decodingTime else { return packet }
        try interrupt.pause(for: time - clock.now)
        return packet
    }
}
