package import HypeCore

/// Decodes the sound packets of a live stream into 16 kHz mono blocks that are true to the media clock.
///
/// The blocks are those that an ``AudioReader`` gives for a file of the same packets. Belongs to one thread.
package final class LiveSound {
    /// Packets that were damaged or refused by the decoder so far.
    package var damagedPackets: Int { damaged + decoder.damagedPackets }

    private let decoder: Decoder
    private let holder: PacketHolder
    private let samples = SampleStream(rate: AudioBlock.sampleRate, channels: 1)
    private var damaged = 0

    /// Opens a decoder for a sound track.
    ///
    /// - Throws: ``MediaError`` with code `.cannotDecode`.
    package init(_ stream: StreamInfo) throws(MediaError) {
        decoder = try Decoder(stream)
        holder = try PacketHolder()
    }

    /// Decodes packets that follow those before.
    ///
    /// - Returns: The blocks that are ready, in order, without overlap.
    /// - Throws: ``MediaError`` without memory.
    package func push(_ packets: [Packet]) throws(MediaError) -> [AudioBlock] {
        for packet in packets {
            if packet.isDamaged { damaged += 1 }
            try holder.fill(from: packet)
            decoder.send(holder)
            decodeFrames()
        }
        return take(all: false)
    }

    /// Gets the last samples out, where the track ends.
    package func finish() -> [AudioBlock] {
        decoder.send(nil)
        decodeFrames()
        samples.drain()
        return take(all: true)
    }

    private func decodeFrames() {
        while decoder.receive() { samples.push(decoder.frame, at: decoder.time) }
    }

    private func take(all: Bool) -> [AudioBlock] {
        samples.take(atLeast: 1, all: all).map { AudioBlock(start: $0.start, samples: $0.samples) }
    }
}
