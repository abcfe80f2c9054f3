import CFFmpeg
import HypeCore

/// The owner of one of FFmpeg's packets, filled again and again.
final class PacketHolder {
    /// The packet; blank where nothing was read.
    let pointer: UnsafeMutablePointer<AVPacket>

    /// Allocates a blank packet.
    init() throws(MediaError) {
        guard let packet = av_packet_alloc() else {
            throw MediaError(.cannotOpen, "There is no memory left to read the recording.")
        }
        pointer = packet
    }

    deinit {
        var last: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&last)
    }

    /// The compressed bytes, valid until the next change of the packet.
    var bytes: UnsafeRawBufferPointer {
        let size = pointer.pointee.size
        guard size > 0, let data = pointer.pointee.data else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: data, count: Int(size))
    }

    /// Makes the packet blank.
    func clear() { av_packet_unref(pointer) }

    /// Takes over what another packet holds.
    func take(from other: PacketHolder) {
        clear()
        av_packet_move_ref(pointer, other.pointer)
    }

    /// The packet as a value.
    ///
    /// - Parameter stream: The track that it belongs to.
    /// - Returns: The packet with the time stamps that it came with, and a copy of its bytes.
    func packet(of stream: StreamInfo) -> Packet {
        let packet = pointer.pointee
        return Packet(
            kind: stream.kind,
            track: stream.track,
            pts: LibAV.timestamp(packet.pts, in: stream.timebase),
            dts: LibAV.timestamp(packet.dts, in: stream.timebase),
            duration: LibAV.timestamp(packet.duration, in: stream.timebase) ?? 0,
            timebase: stream.timebase,
            isKey: packet.flags & AV_PKT_FLAG_KEY != 0 || stream.kind == .audio,
            isDamaged: packet.flags & AV_PKT_FLAG_CORRUPT != 0,
            bytes: PacketBytes(bytes)
        )
    }

    /// Fills the packet with a copy of a value.
    func fill(from packet: Packet) throws(MediaError) {
        try fill(from: packet.bytes)
        pointer.pointee.pts = packet.pts ?? hype_nopts
        pointer.pointee.dts = packet.dts ?? hype_nopts
        pointer.pointee.duration = packet.duration
        pointer.pointee.flags = packet.isKey ? AV_PKT_FLAG_KEY : 0
    }

    /// Fills the packet with a copy of what a clip's track has.
    func fill(from entry: ClipTrack.Entry, timebase: Timebase) throws(MediaError) {
        try fill(from: entry.bytes)
        pointer.pointee.pts = entry.pts
        pointer.pointee.dts = entry.dts
        pointer.pointee.duration = entry.duration
        pointer.pointee.time_base = timebase.rational
        pointer.pointee.flags = entry.isKey ? AV_PKT_FLAG_KEY : 0
    }

    private func fill(from bytes: PacketBytes) throws(MediaError) {
        clear()
        guard bytes.count <= Int(Int32.max) - 64, av_new_packet(pointer, Int32(bytes.count)) >= 0 else {
            throw MediaError(.cannotWrite, "There is no memory left for a packet of \(bytes.count) bytes.")
        }
        bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress, let target = pointer.pointee.data else { return }
            UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: bytes.count)
        }
    }
}
