import CFFmpeg
import HypeCore

/// The owner of an open libavformat context of a live source.
///
/// Belongs to one thread. Nothing that is opened in the course of reading (segments of a playlist, keys) may lie on a
/// private host where the address must not.
final class LiveConnection {
    /// Bytes that are read to find out what the streams are; a key frame of 1080p at a high rate fits.
    private static let probeSize = 2_000_000
    /// Media time that is read to find out what the streams are.
    private static let probeSpan = Duration.seconds(2)

    let context: UnsafeMutablePointer<AVFormatContext>
    private let address: LiveAddress
    private let interrupt: MediaInterrupt
    private let guardian: HostGuard?

    /// Connects and finds out what the streams are.
    init(_ address: LiveAddress, interrupt: MediaInterrupt) throws(MediaError) {
        _ = LibAV.silenced
        _ = LibAV.networked
        self.address = address
        self.interrupt = interrupt
        if let host = address.host { try HostCheck.requirePublic(host) }
        guard let allocated = avformat_alloc_context() else {
            throw MediaError(.cannotOpen, "There is no memory left to open \(address.name).")
        }
        allocated.pointee.interrupt_callback = LibAV.callback(asking: interrupt)
        guardian = address.host == nil ? nil : HostGuard(watching: allocated)
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "protocol_whitelist", address.protocols, 0)
        av_dict_set(&options, "format_whitelist", address.formats, 0)
        av_dict_set(&options, "probesize", String(Self.probeSize), 0)
        av_dict_set(&options, "analyzeduration", String(Timebase.microseconds.ticks(Self.probeSpan)), 0)
        for (key, value) in address.options { av_dict_set(&options, key, value, 0) }
        var opened: UnsafeMutablePointer<AVFormatContext>? = allocated
        let format = address.format.flatMap { av_find_input_format($0) }
        // On failure this frees the context.
        var code = avformat_open_input(&opened, address.location, format, &options)
        guard code >= 0, let opened else {
            try interrupt.check()
            throw Self.lost(address, code)
        }
        context = opened
        code = avformat_find_stream_info(context, nil)
        guard code >= 0 else {
            try interrupt.check()
            throw Self.lost(address, code)
        }
    }

    deinit {
        var last: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&last)
    }

    /// The earliest presentation time that the source names.
    var beginning: MediaTime {
        let ticks = LibAV.timestamp(context.pointee.start_time, in: .microseconds) ?? 0
        return MediaTime(pts: ticks, timebase: .microseconds)
    }

    /// The streams to be recorded: the best picture, the sound that belongs to it, and a second sound track if there is one.
    func tracks() -> [StreamInfo] {
        let picture = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        let sound = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, picture, nil, 0)
        var chosen = [picture, sound]
        // Playlists offer other languages as further tracks, each of which would have to be fetched.
        if !address.isFetchedByTrack, sound >= 0 {
            let others = (0..<Int32(clamping: context.pointee.nb_streams)).filter { index in
                let stream = context.pointee.streams[Int(index)]
                return index != sound && stream?.pointee.codecpar?.pointee.codec_type == AVMEDIA_TYPE_AUDIO
            }
            chosen += others.prefix(1)
        }
        var soundTracks = 0
        var tracks: [StreamInfo] = []
        for index in chosen where index >= 0 {
            guard let stream = context.pointee.streams[Int(index)],
                stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0,
                let info = StreamInfo(stream)
            else { continue }
            let title = LibAV.metadata("title", in: stream.pointee.metadata)
            tracks.append(info.numbered(info.kind == .audio ? soundTracks : 0, title: title))
            if info.kind == .audio { soundTracks += 1 }
        }
        for index in 0..<Int(context.pointee.nb_streams) {
            let isWanted = tracks.contains { $0.index == index }
            context.pointee.streams[index]?.pointee.discard = isWanted ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
        return tracks
    }

    /// Waits for the next packet; false where the source has ended.
    func read(into holder: PacketHolder) throws(MediaError) -> Bool {
        var failures = 0
        while true {
            try interrupt.check()
            holder.clear()
            let code = av_read_frame(context, holder.pointer)
            if code >= 0 { return true }
            if code == hype_error_eof { return false }
            try interrupt.check()
            failures += 1
            // Damaged bytes are skipped; a connection that only fails is lost.
            if code != hype_error_again, code != hype_error_invalid_data || failures > 100 {
                throw Self.lost(address, code)
            }
            try interrupt.pause(for: .milliseconds(code == hype_error_again ? 10 : 1))
        }
    }

    private static func lost(_ address: LiveAddress, _ code: Int32) -> MediaError {
        let cause = LibAV.text(code)
        return switch code {
        case hype_averror(ECONNREFUSED), hype_averror(ENOENT):
            MediaError(
                .sourceLost,
                "Nobody answers at \(address.name). Start the stream, or check the address.",
                cause: cause
            )
        case hype_averror(ETIMEDOUT), hype_averror(EIO):
            MediaError(.sourceLost, "\(address.name) sends nothing. Check that the stream is on air.", cause: cause)
        case hype_error_invalid_data, hype_averror(EINVAL):
            MediaError(.sourceLost, "\(address.name) does not send a stream that can be watched.", cause: cause)
        default:
            MediaError(.sourceLost, "\(address.name) cannot be watched now.", cause: cause)
        }
    }
}

extension LiveAddress {
    /// Whether each track is fetched by itself, as in HLS.
    fileprivate var isFetchedByTrack: Bool { formats.hasPrefix("hls") }
}
