import CFFmpeg
import HypeCore

/// The owner of one of FFmpeg's bitstream filters that gives a packet for each packet.
final class PacketFilter {
    private let context: UnsafeMutablePointer<AVBSFContext>

    /// Opens a filter for a track; nil where this FFmpeg has none of the name or it refuses the track.
    init?(_ name: String, for stream: StreamInfo) {
        var allocated: UnsafeMutablePointer<AVBSFContext>?
        guard let kind = av_bsf_get_by_name(name), av_bsf_alloc(kind, &allocated) >= 0, let allocated else {
            return nil
        }
        context = allocated
        guard avcodec_parameters_copy(context.pointee.par_in, stream.parameters.pointer) >= 0 else { return nil }
        context.pointee.time_base_in = stream.timebase.rational
        guard av_bsf_init(context) >= 0 else { return nil }
    }

    deinit {
        var last: UnsafeMutablePointer<AVBSFContext>? = context
        av_bsf_free(&last)
    }

    /// Filters a packet in place; false where the filter refuses it, and the packet is blank then.
    func apply(to holder: PacketHolder) -> Bool {
        guard av_bsf_send_packet(context, holder.pointer) >= 0 else {
            holder.clear()
            return false
        }
        return av_bsf_receive_packet(context, holder.pointer) >= 0
    }
}

extension PacketHolder {
    /// New codec parameters that came with the packet, or nil.
    var newExtradata: [UInt8]? {
        var size = 0
        guard let data = av_packet_get_side_data(pointer, AV_PKT_DATA_NEW_EXTRADATA, &size), size > 0, size <= 1 << 20
        else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }
}
