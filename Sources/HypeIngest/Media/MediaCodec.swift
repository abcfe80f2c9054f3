/// The codecs that are taken from publishers.
package enum MediaCodec: String, Hashable, Sendable, CaseIterable {
    case h264, hevc, av1, vp8, vp9
    case aac, mp3, opus, flac, ac3, eac3

    /// Whether it is a codec of pictures.
    package var isVideo: Bool {
        switch self {
        case .h264, .hevc, .av1, .vp8, .vp9: true
        case .aac, .mp3, .opus, .flac, .ac3, .eac3: false
        }
    }

    /// Whether FFmpeg 5.1 reads it from FLV; it knows nothing of enhanced RTMP.
    package var fitsFLV: Bool { self == .h264 || self == .aac || self == .mp3 }

    /// Whether decoders need a configuration before the first frame.
    package var needsConfiguration: Bool {
        switch self {
        case .h264, .hevc, .av1, .aac, .flac: true
        case .vp8, .vp9, .mp3, .opus, .ac3, .eac3: false
        }
    }

    /// Whether its frames carry a composition time in enhanced RTMP.
    var hasCompositionTime: Bool { self == .h264 || self == .hevc }

    /// The codec of a four-character code (enhanced RTMP v2, `VideoFourCc` and `AudioFourCc`); nil for others.
    init?(fourCC: UInt32, isVideo: Bool) {
        let text = String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: fourCC >> (24 - 8 * $0)) }, as: UTF8.self)
        let codec: MediaCodec? =
            switch text {
            case "avc1": .h264
            case "hvc1": .hevc
            case "av01": .av1
            case "vp08": .vp8
            case "vp09": .vp9
            case "mp4a": .aac
            case ".mp3": .mp3
            case "Opus": .opus
            case "fLaC": .flac
            case "ac-3": .ac3
            case "ec-3": .eac3
            default: nil
            }
        guard let codec, codec.isVideo == isVideo else { return nil }
        self = codec
    }
}
