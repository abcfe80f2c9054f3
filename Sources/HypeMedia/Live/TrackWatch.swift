import CFFmpeg
import HypeCore

/// Notices when a track's codec parameters change in the middle of a stream, as when OBS changes its resolution.
///
/// The parameters come beside packets (FLV) or in front of key frames (MPEG-TS), where they are compared with those in
/// force. Belongs to one thread.
final class TrackWatch {
    /// The track as it is now.
    private(set) var stream: StreamInfo
    /// Whether the track's parameters are complete, so that a muxer takes them.
    private(set) var isComplete: Bool

    private let headers: PacketFilter?
    private let extraction: PacketFilter?
    private var known: [UInt8]?

    /// Begins with what the source said about a track.
    init(_ stream: StreamInfo) {
        self.stream = stream
        let parameters = stream.parameters.pointer.pointee
        isComplete = stream.kind == .audio ? parameters.sample_rate > 0 : parameters.width > 0
        let extradata = stream.parameters.extradata
        let isAAC = stream.codec == "aac"
        headers = isAAC && extradata.isEmpty ? PacketFilter("aac_adtstoasc", for: stream) : nil
        if headers != nil { isComplete = false }
        // MP4's form of the parameters begins with a 1, and then they are not in the packets.
        let isInBand = (stream.codec == "h264" || stream.codec == "hevc") && extradata.first != 1
        extraction = isInBand ? PacketFilter("extract_extradata", for: stream) : nil
        known = isInBand || extradata.isEmpty ? nil : extradata
    }

    /// Looks at a packet of the track, which loses its ADTS header.
    ///
    /// - Returns: Whether the packet can be used, and whether the track's parameters are others from it on.
    func look(at holder: PacketHolder) -> (isUsable: Bool, isChanged: Bool) {
        if let headers, !headers.apply(to: holder) { return (false, false) }
        let isKey = holder.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0
        if let extraction, isKey, !extraction.apply(to: holder) { return (false, false) }
        let isNews = holder.newExtradata.map { $0 != known } ?? false
        guard isNews || (!isComplete && headers == nil && isKey) else { return (true, false) }
        let isFirst = known == nil && isComplete
        known = holder.newExtradata ?? known
        // The first parameters in the stream are those that were found when it was opened.
        if isFirst, extraction != nil, !stream.parameters.extradata.isEmpty { return (true, false) }
        guard let updated = updated(by: holder) else { return (true, false) }
        stream = stream.replacing(parameters: updated)
        isComplete = true
        return (true, true)
    }

    private func updated(by holder: PacketHolder) -> CodecParameters? {
        let before = stream.parameters.pointer
        let copied = known.flatMap { bytes in
            bytes.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap {
                    CodecParameters(copying: before, extradata: $0, count: buffer.count)
                }
            }
        }
        guard let parameters = copied ?? CodecParameters(copying: before) else { return nil }
        return CodecParameters(parameters, asDecodedFrom: holder, of: stream)
            ?? (isComplete || headers != nil ? parameters : nil)
    }
}

extension CodecParameters {
    /// The bytes that a decoder needs before the first packet.
    var extradata: [UInt8] {
        guard let data = pointer.pointee.extradata, pointer.pointee.extradata_size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(pointer.pointee.extradata_size)))
    }

    /// The same parameters with the size or rate that decoding a packet shows; nil where it cannot be decoded.
    fileprivate convenience init?(_ base: CodecParameters, asDecodedFrom holder: PacketHolder, of stream: StreamInfo) {
        self.init(copying: base.pointer)
        guard let decoder = try? Decoder(stream.replacing(parameters: base)) else { return nil }
        decoder.send(holder)
        decoder.send(nil)
        guard decoder.receive() else { return nil }
        let frame = decoder.frame.pointee
        if stream.kind == .video {
            pointer.pointee.width = frame.width
            pointer.pointee.height = frame.height
            pointer.pointee.format = frame.format
            pointer.pointee.sample_aspect_ratio = frame.sample_aspect_ratio
        } else {
            pointer.pointee.sample_rate = frame.sample_rate
            pointer.pointee.format = frame.format
            _ = av_channel_layout_copy(&pointer.pointee.ch_layout, &decoder.frame.pointee.ch_layout)
        }
    }
}
