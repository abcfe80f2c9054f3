import CFFmpeg
import HypeCore

/// Packets of a source in the form that rings and muxers want: AAC without ADTS headers.
final class PacketFeed {
    private let source: MediaSource
    private let holder: PacketHolder
    private var filter: UnsafeMutablePointer<AVBSFContext>?
    private let onUpdate: (StreamInfo) -> Void

    /// Creates a feed.
    ///
    /// - Parameters:
    ///   - source: Where packets come from.
    ///   - onUpdate: Called before the first packet of a track whose parameters the feed had to complete.
    /// - Throws: ``MediaError`` with code `.cannotOpen` where the filter is missing or refuses the track.
    init(_ source: MediaSource, onUpdate: @escaping (StreamInfo) -> Void) throws(MediaError) {
        self.source = source
        self.onUpdate = onUpdate
        holder = try PacketHolder()
        guard let audio = source.audio, Self.hasHeaders(audio) else { return }
        guard let kind = av_bsf_get_by_name("aac_adtstoasc"), av_bsf_alloc(kind, &filter) >= 0, let filter,
            avcodec_parameters_copy(filter.pointee.par_in, audio.parameters.pointer) >= 0
        else {
            throw MediaError(.cannotOpen, "This FFmpeg has no filter aac_adtstoasc. Install the complete package.")
        }
        filter.pointee.time_base_in = audio.timebase.rational
        guard av_bsf_init(filter) >= 0 else {
            throw MediaError(.cannotOpen, "The sound track (ADTS AAC) cannot be read.")
        }
    }

    deinit { av_bsf_free(&filter) }

    /// Reads the next packet; nil at the end.
    func next() throws(MediaError) -> Packet? {
        while try source.read(into: holder) {
            if let filter, let audio = source.audio, holder.pointer.pointee.stream_index == Int32(audio.index) {
                // A packet that is not AAC is dropped, as a decoder would.
                guard av_bsf_send_packet(filter, holder.pointer) >= 0,
                    av_bsf_receive_packet(filter, holder.pointer) >= 0
                else { continue }
                update(audio)
            }
            if let packet = source.value(of: holder) { return packet }
        }
        return nil
    }

    /// AAC without extradata has an ADTS header in each packet, as in MPEG-TS.
    private static func hasHeaders(_ stream: StreamInfo) -> Bool {
        stream.codec == "aac" && stream.parameters.pointer.pointee.extradata_size == 0
    }

    private func update(_ stream: StreamInfo) {
        var size = 0
        guard let data = av_packet_get_side_data(holder.pointer, AV_PKT_DATA_NEW_EXTRADATA, &size), size > 0,
            let copy = CodecParameters(copying: stream.parameters.pointer, extradata: data, count: size)
        else { return }
        onUpdate(stream.replacing(parameters: copy))
    }
}

extension CodecParameters {
    /// Copies parameters with other extradata; nil without memory.
    convenience init?(copying source: UnsafePointer<AVCodecParameters>, extradata: UnsafePointer<UInt8>, count: Int) {
        self.init(copying: source)
        let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard count <= 1 << 20, let memory = av_mallocz(count + padding) else { return nil }
        memory.copyMemory(from: extradata, byteCount: count)
        av_free(pointer.pointee.extradata)
        pointer.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
        pointer.pointee.extradata_size = Int32(clamping: count)
    }
}
