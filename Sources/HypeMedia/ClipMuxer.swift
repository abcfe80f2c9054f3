import CFFmpeg
import Foundation
import HypeCore

/// The owner of an MP4 file in the making.
///
/// Writes beside the target with the suffix `.part`; only ``finish(durably:)`` gives the file its name. Without that,
/// the part is removed.
final class ClipMuxer {
    private let path: String
    private let part: String
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let interrupt: MediaInterrupt
    private let packet: PacketHolder
    private var isNamed = false

    /// Creates the part and writes its header.
    init(path: String, tracks: [ClipTrack], interrupt: MediaInterrupt) throws(MediaError) {
        _ = LibAV.silenced
        self.path = path
        self.interrupt = interrupt
        part = path + ".part"
        packet = try PacketHolder()
        var allocated: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_alloc_output_context2(&allocated, nil, "mp4", "file:" + part) >= 0, let allocated else {
            throw MediaError(.cannotWrite, "This FFmpeg cannot write MP4 files. Install the complete package.")
        }
        context = allocated
        context.pointee.interrupt_callback = LibAV.callback(asking: interrupt)
        // Negative time stamps stay, for the edit list to hide.
        context.pointee.avoid_negative_ts = 0
        for track in tracks { try add(track) }
        var callback = context.pointee.interrupt_callback
        try check(avio_open2(&context.pointee.pb, "file:" + part, AVIO_FLAG_WRITE, &callback, nil))
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // Room for the index in front of the media: the same file as with `+faststart`, which writes everything twice.
        av_dict_set(&options, "moov_size", String(tracks.reduce(16_384) { $0 + $1.indexBound }), 0)
        try check(avformat_write_header(context, &options))
    }

    deinit {
        if context.pointee.pb != nil { avio_closep(&context.pointee.pb) }
        avformat_free_context(context)
        if !isNamed { unlink(part) }
    }

    /// Writes all tracks, interleaved by decoding time.
    func write(_ tracks: [ClipTrack]) throws(MediaError) {
        var next = [Int](repeating: 0, count: tracks.count)
        while let track = Self.earliest(tracks, next) {
            try interrupt.check()
            try write(tracks[track].entries[next[track]], of: tracks[track], to: track)
            next[track] += 1
        }
    }

    /// Writes the index in front and gives the file its name.
    ///
    /// - Parameter durably: Whether to wait until the disk has the bytes, so that a power cut cannot leave a named
    ///   file with holes.
    /// - Returns: The file's size in bytes.
    /// - Throws: ``MediaError`` with code `.diskFull`, `.cannotWrite` or `.cancelled`.
    func finish(durably: Bool) throws(MediaError) -> Int {
        try check(av_write_trailer(context))
        avio_flush(context.pointee.pb)
        try check(context.pointee.pb?.pointee.error ?? 0)
        try check(avio_closep(&context.pointee.pb))
        if durably { try synchronise(part) }
        var status = stat()
        guard stat(part, &status) == 0, rename(part, path) == 0 else {
            throw MediaError(
                .cannotWrite,
                "The finished clip could not be named \(path). Check the rights of its folder.",
                cause: InputCheck.reason()
            )
        }
        isNamed = true
        if durably { try synchronise((path as NSString).deletingLastPathComponent) }
        return Int(status.st_size)
    }

    private func add(_ track: ClipTrack) throws(MediaError) {
        guard let stream = avformat_new_stream(context, nil), let parameters = stream.pointee.codecpar else {
            throw MediaError(.cannotWrite, "There is no memory left to write \(path).")
        }
        try check(avcodec_parameters_copy(parameters, track.stream.parameters.pointer))
        // QuickTime and Safari play HEVC under this name only.
        parameters.pointee.codec_tag =
            parameters.pointee.codec_id == AV_CODEC_ID_HEVC ? UInt32(littleEndianText: "hvc1") : 0
        // A cut from the middle has no priming samples; the muxer would hide samples that are wanted.
        parameters.pointee.initial_padding = 0
        parameters.pointee.seek_preroll = 0
        stream.pointee.time_base = track.timebase.rational
        stream.pointee.sample_aspect_ratio = parameters.pointee.sample_aspect_ratio
        if track.stream.frameRate > 0 {
            stream.pointee.avg_frame_rate = av_d2q(track.stream.frameRate, 1_001_000)
        }
        if track.stream.rotation != 0 {
            try check(hype_set_rotation(stream, Double(track.stream.rotation)))
        }
        if let title = track.stream.title {
            // The name of the handler is what MP4 players and FFmpeg show for a track.
            av_dict_set(&stream.pointee.metadata, "handler_name", title, 0)
            av_dict_set(&stream.pointee.metadata, "title", title, 0)
        }
        // Players play the first sound track unless told otherwise; the others are alternatives to it.
        if track.stream.kind == .audio {
            stream.pointee.disposition = track.stream.track == 0 ? AV_DISPOSITION_DEFAULT : 0
        }
    }

    private func write(_ entry: ClipTrack.Entry, of track: ClipTrack, to index: Int) throws(MediaError) {
        guard let stream = context.pointee.streams[index] else { return }
        try packet.fill(from: entry, timebase: track.timebase)
        packet.pointer.pointee.stream_index = Int32(clamping: index)
        av_packet_rescale_ts(packet.pointer, track.timebase.rational, stream.pointee.time_base)
        try check(av_interleaved_write_frame(context, packet.pointer))
        try check(context.pointee.pb?.pointee.error ?? 0)
    }

    private static func earliest(_ tracks: [ClipTrack], _ next: [Int]) -> Int? {
        func time(_ track: Int) -> MediaTime {
            MediaTime(pts: tracks[track].entries[next[track]].dts, timebase: tracks[track].timebase)
        }
        return tracks.indices.filter { next[$0] < tracks[$0].entries.count }.min { time($0) < time($1) }
    }

    private func check(_ code: Int32) throws(MediaError) {
        guard code < 0 else { return }
        try interrupt.check()
        if LibAV.isDiskFull(code) {
            throw MediaError(
                .diskFull,
                "The disk is full, so \(path) could not be written. Free some space and cut the clip again.",
                cause: LibAV.text(code)
            )
        }
        throw MediaError(
            .cannotWrite,
            "\(path) could not be written. Check that its folder exists and may be written to.",
            cause: LibAV.text(code)
        )
    }

    private func synchronise(_ path: String) throws(MediaError) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some file systems cannot synchronise folders and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { return try check(hype_averror(errno)) }
    }
}

extension UInt32 {
    /// Four characters as containers store them, the first in the lowest byte.
    init(littleEndianText text: StaticString) {
        self = text.withUTF8Buffer { bytes in
            bytes.prefix(4).enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32($1.offset * 8) }
        }
    }
}
