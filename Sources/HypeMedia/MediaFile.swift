import CFFmpeg
package import HypeCore

/// A recording that was opened once and looked at; readers on any thread open their own ``MediaSource`` from it.
///
/// The media clock is the file's own, not moved to zero. For containers without a reliable index (MPEG-TS, MPEG-PS,
/// FLV, bare audio) all packets are read once, which finds the true extent, the key frames and places where the time
/// stamps start over or leap by more than 10 s; there the clock runs on as if nothing had happened.
package struct MediaFile: Sendable {
    /// Where the file is.
    package let path: String
    /// What it contains.
    package let info: MediaInfo
    /// The picture track, or nil.
    package let video: StreamInfo?
    /// The sound track, or nil.
    package let audio: StreamInfo?
    /// How often the time stamps leapt and were repaired.
    package var timestampJumps: Int { timeline?.jumps ?? 0 }

    let timeline: Timeline?

    /// Whether the container's header says all that decoders must know, and packets have the time stamps that count.
    var describesItself: Bool {
        timeline == nil && info.container.split(separator: ",").contains { $0 == "mp4" || $0 == "matroska" }
    }

    /// Opens a file and finds out what it is.
    ///
    /// - Parameters:
    ///   - path: Path of a regular file.
    ///   - options: How to open.
    ///   - interrupt: The switch that ends the call.
    ///   - progress: Called for each packet while the whole file is read, with its time.
    /// - Throws: ``MediaError`` that names what is wrong and the remedy.
    package init(
        path: String,
        options: MediaSource.Options = MediaSource.Options(),
        interrupt: MediaInterrupt = MediaInterrupt(),
        progress: (MediaTime) -> Void = { _ in }
    ) throws(MediaError) {
        let source = try MediaSource(path: path, timeline: nil, options: options, interrupt: interrupt)
        self.path = path
        video = source.video
        audio = source.audio
        let scanned = Self.needsScan(source) ? try Self.scan(source, progress: progress) : nil
        timeline = scanned
        info = MediaInfo(
            container: source.context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? "",
            interval: scanned?.interval ?? Self.declaredInterval(source),
            video: source.video.map(Self.describeVideo),
            audio: source.audio.map(Self.describeAudio)
        )
    }

    private static func needsScan(_ source: MediaSource) -> Bool {
        let context = source.context.pointee
        guard let format = context.iformat else { return true }
        let names = String(cString: format.pointee.name).split(separator: ",")
        return format.pointee.flags & AVFMT_TS_DISCONT != 0
            || names.contains("flv")
            || names.contains("matroska") && context.start_time > lateStart
            || context.duration == hype_nopts
            || context.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
    }

    /// Microseconds from which on a file counts as one that begins late.
    ///
    /// The length in Matroska's header counts from the first picture for some writers, and from time zero for others.
    private static let lateStart: Int64 = 50_000

    private static func scan(
        _ source: MediaSource,
        progress: (MediaTime) -> Void
    ) throws(MediaError) -> Timeline {
        var timeline = Timeline()
        try source.rewind()
        let holder = try PacketHolder()
        let hasVideo = source.video != nil
        while try source.read(into: holder) {
            guard let packet = source.value(of: holder) else { continue }
            progress(packet.time ?? .zero)
            timeline.add(
                packet,
                stream: Int(holder.pointer.pointee.stream_index),
                position: holder.pointer.pointee.pos,
                seekable: hasVideo ? packet.kind == .video && packet.isKey : true
            )
        }
        return timeline
    }

    private static func declaredInterval(_ source: MediaSource) -> MediaInterval {
        let context = source.context.pointee
        let microseconds = Timebase.microseconds
        let start = LibAV.timestamp(context.start_time, in: microseconds) ?? 0
        let length = max(0, LibAV.timestamp(context.duration, in: microseconds) ?? 0)
        return MediaInterval(
            start: MediaTime(pts: start, timebase: microseconds),
            end: MediaTime(pts: start &+ length, timebase: microseconds)
        )
    }

    /// What a picture track is like.
    package static func describeVideo(_ stream: StreamInfo) -> MediaInfo.Video {
        let parameters = stream.parameters.pointer.pointee
        let isSideways = stream.rotation % 180 != 0
        return MediaInfo.Video(
            codec: stream.codec,
            width: Int(isSideways ? parameters.height : parameters.width),
            height: Int(isSideways ? parameters.width : parameters.height),
            frameRate: stream.frameRate,
            rotation: stream.rotation
        )
    }

    /// What a sound track is like.
    package static func describeAudio(_ stream: StreamInfo) -> MediaInfo.Audio {
        let parameters = stream.parameters.pointer.pointee
        return MediaInfo.Audio(
            codec: stream.codec,
            sampleRate: Int(parameters.sample_rate),
            channels: Int(parameters.ch_layout.nb_channels)
        )
    }
}
