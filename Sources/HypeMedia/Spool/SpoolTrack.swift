import CFFmpeg
import Foundation
import HypeCore

/// A track as it stands at the head of a spool's part: all that decoders and muxers must know.
struct SpoolTrack: Codable, Hashable, Sendable {
    var kind: String
    var number: Int
    var title: String?
    var codec: String
    var timebase: Timebase
    var frameRate: Double
    var rotation: Int
    var extradata: Data
    var format: Int32
    var bitRate: Int64
    var bitsPerCodedSample: Int32
    var bitsPerRawSample: Int32
    var profile: Int32
    var level: Int32
    var width: Int32
    var height: Int32
    var aspect: [Int32]
    var fieldOrder: UInt32
    var color: [UInt32]
    var videoDelay: Int32
    var layout: String
    var sampleRate: Int32
    var blockAlign: Int32
    var frameSize: Int32
    var padding: [Int32]

    init(_ stream: StreamInfo) {
        let parameters = stream.parameters.pointer.pointee
        kind = stream.kind.rawValue
        number = stream.track
        title = stream.title
        codec = stream.codec
        timebase = stream.timebase
        frameRate = stream.frameRate
        rotation = stream.rotation
        extradata = Data(stream.parameters.extradata)
        format = parameters.format
        bitRate = parameters.bit_rate
        bitsPerCodedSample = parameters.bits_per_coded_sample
        bitsPerRawSample = parameters.bits_per_raw_sample
        profile = parameters.profile
        level = parameters.level
        width = parameters.width
        height = parameters.height
        aspect = [parameters.sample_aspect_ratio.num, parameters.sample_aspect_ratio.den]
        fieldOrder = parameters.field_order.rawValue
        color = [
            parameters.color_range.rawValue, parameters.color_primaries.rawValue, parameters.color_trc.rawValue,
            parameters.color_space.rawValue, parameters.chroma_location.rawValue,
        ]
        videoDelay = parameters.video_delay
        layout = Self.describe(stream.parameters)
        sampleRate = parameters.sample_rate
        blockAlign = parameters.block_align
        frameSize = parameters.frame_size
        padding = [parameters.initial_padding, parameters.trailing_padding, parameters.seek_preroll]
    }

    /// The track for decoders and muxers; nil where this FFmpeg does not know the codec or a value is out of range.
    func stream(index: Int) -> StreamInfo? {
        guard let kind = StreamInfo.Kind(rawValue: kind), (0...15).contains(number),
            let descriptor = avcodec_descriptor_get_by_name(codec),
            descriptor.pointee.type == (kind == .video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO),
            (0...(1 << 16)).contains(width), (0...(1 << 16)).contains(height), (0...1_000_000).contains(sampleRate),
            extradata.count <= 1 << 20, aspect.count == 2, color.count == 5, padding.count == 3,
            frameRate.isFinite, (0...1000).contains(frameRate), (0...(1 << 20)).contains(frameSize)
        else { return nil }
        guard let parameters = CodecParameters(filling: { fill($0, codec: descriptor.pointee.id, kind: kind) }) else {
            return nil
        }
        return StreamInfo(
            kind: kind,
            track: number,
            title: title,
            index: index,
            timebase: Timebase(timebase.numerator, timebase.denominator),
            frameRate: frameRate,
            rotation: rotation,
            parameters: parameters
        )
    }

    private func fill(_ target: UnsafeMutablePointer<AVCodecParameters>, codec: AVCodecID, kind: StreamInfo.Kind) {
        target.pointee.codec_type = kind == .video ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO
        target.pointee.codec_id = codec
        target.pointee.format = format
        target.pointee.bit_rate = bitRate
        target.pointee.bits_per_coded_sample = bitsPerCodedSample
        target.pointee.bits_per_raw_sample = bitsPerRawSample
        target.pointee.profile = profile
        target.pointee.level = level
        target.pointee.width = width
        target.pointee.height = height
        target.pointee.sample_aspect_ratio = AVRational(num: max(0, aspect[0]), den: max(1, aspect[1]))
        target.pointee.field_order = AVFieldOrder(rawValue: fieldOrder)
        target.pointee.color_range = AVColorRange(rawValue: color[0])
        target.pointee.color_primaries = AVColorPrimaries(rawValue: color[1])
        target.pointee.color_trc = AVColorTransferCharacteristic(rawValue: color[2])
        target.pointee.color_space = AVColorSpace(rawValue: color[3])
        target.pointee.chroma_location = AVChromaLocation(rawValue: color[4])
        target.pointee.video_delay = videoDelay
        if kind == .audio { _ = av_channel_layout_from_string(&target.pointee.ch_layout, layout) }
        target.pointee.sample_rate = sampleRate
        target.pointee.block_align = blockAlign
        target.pointee.frame_size = frameSize
        target.pointee.initial_padding = padding[0]
        target.pointee.trailing_padding = padding[1]
        target.pointee.seek_preroll = padding[2]
        let room = Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard !extradata.isEmpty, let memory = av_mallocz(extradata.count + room) else { return }
        extradata.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { memory.copyMemory(from: source, byteCount: bytes.count) }
        }
        target.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
        target.pointee.extradata_size = Int32(clamping: extradata.count)
    }

    private static func describe(_ parameters: CodecParameters) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard parameters.pointer.pointee.ch_layout.nb_channels > 0,
            av_channel_layout_describe(&parameters.pointer.pointee.ch_layout, &buffer, buffer.count) > 0
        else { return "" }
        return LibAV.string(buffer)
    }
}

extension CodecParameters {
    /// Makes parameters; nil without memory.
    convenience init?(filling body: (UnsafeMutablePointer<AVCodecParameters>) -> Void) {
        guard let blank = avcodec_parameters_alloc() else { return nil }
        defer {
            var last: UnsafeMutablePointer<AVCodecParameters>? = blank
            avcodec_parameters_free(&last)
        }
        body(blank)
        self.init(copying: blank)
    }
}
