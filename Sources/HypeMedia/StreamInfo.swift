package import CFFmpeg
package import HypeCore

/// One track of a recording: a deep copy of what its decoder and a muxer must know.
package struct StreamInfo: Sendable {
    /// Which sense a track serves.
    package enum Kind: String, Hashable, Sendable {
        case video, audio
    }

    /// Picture or sound.
    package let kind: Kind
    /// Number among the tracks of its kind, see ``TrackID/number``.
    package private(set) var track: Int
    /// What players call the track, or nil.
    package private(set) var title: String?
    /// Position among the container's streams.
    package let index: Int
    /// Short codec name, such as `h264`.
    package private(set) var codec: String
    /// Length of one tick of the track's time stamps.
    package let timebase: Timebase
    /// Average frames per second, 0 where unknown or for sound.
    package let frameRate: Double
    /// Clockwise rotation in degrees that makes the picture upright: 0, 90, 180 or 270.
    package let rotation: Int
    /// The codec's parameters, never changed after the copy was made.
    private(set) var parameters: CodecParameters

    /// Copies a stream of an open container.
    init?(_ stream: UnsafeMutablePointer<AVStream>) {
        guard let source = stream.pointee.codecpar, let copy = CodecParameters(copying: source) else { return nil }
        switch source.pointee.codec_type {
        case AVMEDIA_TYPE_VIDEO: kind = .video
        case AVMEDIA_TYPE_AUDIO: kind = .audio
        default: return nil
        }
        track = 0
        title = nil
        index = Int(stream.pointee.index)
        codec = copy.codecName
        timebase = Timebase(stream.pointee.time_base)
        frameRate = kind == .video ? Self.frameRate(of: stream) : 0
        rotation = kind == .video ? Self.rotation(of: stream) : 0
        parameters = copy
    }

    /// Describes a track made here.
    package init(
        kind: Kind,
        track: Int = 0,
        title: String? = nil,
        index: Int,
        timebase: Timebase,
        frameRate: Double = 0,
        rotation: Int = 0,
        parameters: CodecParameters
    ) {
        self.kind = kind
        self.track = track
        self.title = title
        self.index = index
        self.timebase = timebase
        self.frameRate = frameRate
        self.rotation = rotation
        self.parameters = parameters
        codec = parameters.codecName
    }

    /// The track's identity.
    package var id: TrackID { TrackID(kind, number: track) }

    /// Length of a packet in ticks, where it does not say.
    var typicalDuration: Int64 {
        frameRate > 0 ? timebase.ticks(.nanoseconds(Int64(1e9 / frameRate))) : 0
    }

    /// The same track with another number and title.
    func numbered(_ track: Int, title: String?) -> StreamInfo {
        var stream = self
        stream.track = track
        stream.title = title
        return stream
    }

    /// The same track with other parameters.
    func replacing(parameters: CodecParameters) -> StreamInfo {
        var stream = self
        stream.parameters = parameters
        stream.codec = parameters.codecName
        return stream
    }

    private static func frameRate(of stream: UnsafeMutablePointer<AVStream>) -> Double {
        let average = stream.pointee.avg_frame_rate
        let rate = average.num > 0 && average.den > 0 ? average : stream.pointee.r_frame_rate
        guard rate.num > 0, rate.den > 0 else { return 0 }
        let value = av_q2d(rate)
        return value.isFinite && value <= 1000 ? value : 0
    }

    private static func rotation(of stream: UnsafeMutablePointer<AVStream>) -> Int {
        hype_display_matrix(stream).map(Self.rotation) ?? 0
    }

    /// Clockwise degrees that a display matrix of 9 numbers stands for: 0, 90, 180 or 270.
    static func rotation(_ matrix: UnsafePointer<Int32>) -> Int {
        // FFmpeg names the counterclockwise angle.
        let clockwise = -av_display_rotation_get(matrix)
        guard clockwise.isFinite else { return 0 }
        return ((Int((clockwise / 90).rounded()) % 4 + 4) % 4) * 90
    }
}

extension StreamInfo {
    /// Whether packets of this track can follow those of another one in one file.
    func matches(_ other: StreamInfo) -> Bool {
        let left = parameters.pointer.pointee
        let right = other.parameters.pointer.pointee
        return id == other.id && codec == other.codec && timebase == other.timebase && left.width == right.width
            && left.height == right.height && left.sample_rate == right.sample_rate
            && left.ch_layout.nb_channels == right.ch_layout.nb_channels
            && parameters.extradata == other.parameters.extradata
    }
}

/// The owner of a copy of FFmpeg's codec parameters.
package final class CodecParameters: Sendable {
    /// The parameters; whoever reads them must not write.
    ///
    /// They are written only in `init`, before any other thread can see them, and freed with the last reference.
    nonisolated(unsafe) let pointer: UnsafeMutablePointer<AVCodecParameters>

    /// Copies parameters, with their extradata; nil without memory.
    package init?(copying source: UnsafePointer<AVCodecParameters>) {
        guard let copy = avcodec_parameters_alloc() else { return nil }
        guard avcodec_parameters_copy(copy, source) >= 0 else {
            var unfinished: UnsafeMutablePointer<AVCodecParameters>? = copy
            avcodec_parameters_free(&unfinished)
            return nil
        }
        pointer = copy
    }

    /// Takes the parameters of an open encoder; nil without memory.
    init?(of encoder: UnsafePointer<AVCodecContext>) {
        guard let copy = avcodec_parameters_alloc() else { return nil }
        guard avcodec_parameters_from_context(copy, encoder) >= 0 else {
            var unfinished: UnsafeMutablePointer<AVCodecParameters>? = copy
            avcodec_parameters_free(&unfinished)
            return nil
        }
        pointer = copy
    }

    /// Short name of the codec, such as `h264`.
    var codecName: String { String(cString: avcodec_get_name(pointer.pointee.codec_id)) }

    deinit {
        var last: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&last)
    }
}
