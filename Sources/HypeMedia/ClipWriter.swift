import CFFmpeg
package import HypeCore

/// Writes a stretch of a snapshot as an MP4 file that starts exactly at a picture.
///
/// Codecs that MP4 players know are copied from the key frame before the start, and an edit list hides the lead-in.
/// Tracks in other codecs (such as VP6, MPEG-1, PCM or Vorbis) are converted to H.264 or AAC, the others of the same
/// clip are still copied. All tracks share one epoch, so that sound and picture keep their distance.
package struct ClipWriter: Sendable {
    /// How clips are written.
    package struct Settings: Hashable, Sendable {
        /// Whether to wait until the disk has the bytes before the file gets its name.
        package var isDurable: Bool
        /// Quality of converted pictures, x264's constant rate factor, 0 (lossless) … 51.
        package var quality: Int
        /// Threads of the encoder of converted pictures, at least 1.
        package var encoderThreads: Int

        /// Creates settings.
        package init(isDurable: Bool = true, quality: Int = 20, encoderThreads: Int = 2) {
            self.isDurable = isDurable
            self.quality = quality
            self.encoderThreads = encoderThreads
        }
    }

    /// How clips are written.
    package var settings: Settings

    /// Creates a writer.
    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Codecs that are copied; players and browsers play them from MP4.
    static let copied: Set<String> = ["h264", "hevc", "av1", "vp9", "aac", "mp3", "opus", "flac", "ac3", "eac3"]

    /// Writes a clip.
    ///
    /// - Parameters:
    ///   - snapshot: Packets that contain the stretch, from the key frame before it.
    ///   - wish: The wanted stretch on the media clock.
    ///   - path: The file to make or replace; `path.part` is used on the way and never stays.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: What was written.
    /// - Throws: ``MediaError``: `.nothingToCut`, `.diskFull`, `.cannotWrite`, `.cannotEncode`, `.cancelled`.
    package func write(
        _ snapshot: ReplaySnapshot,
        interval wish: MediaInterval,
        to path: String,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> CutClip {
        let clock = ContinuousClock()
        let begin = clock.now
        guard let selection = ClipSelection(from: snapshot.packets, wish: wish), !selection.packets.isEmpty else {
            throw MediaError(
                .nothingToCut,
                "The recording has no pictures or sound from \(wish.start.seconds) s to \(wish.end.seconds) s."
            )
        }
        let closed = ClosedGaps(selection)
        var epoch = closed.start
        var end = closed.end
        var tracks: [ClipTrack] = []
        var converted: Set<StreamInfo.Kind> = []
        // The picture first: a converted one says where the clip really starts.
        for stream in snapshot.streams.sorted(by: { $0.id.order < $1.id.order }) {
            let packets = closed.packets.filter { $0.trackID == stream.id }
            guard !packets.isEmpty else { continue }
            if Self.copies(stream, packets) {
                tracks.append(ClipTrack(stream: stream, packets: packets, epoch: epoch))
                continue
            }
            let result = try convert(packets, of: stream, from: epoch, to: end, interrupt: interrupt)
            guard let first = result.packets.first?.time else { continue }
            converted.insert(stream.kind)
            if stream.kind == .video {
                epoch = result.packets.compactMap(\.time).min() ?? first
                end = max(epoch, result.packets.compactMap(\.end).max() ?? end)
            }
            tracks.append(ClipTrack(stream: result.stream, packets: result.packets, epoch: epoch))
        }
        guard !tracks.isEmpty else {
            throw MediaError(.cannotEncode, "Nothing of the stretch could be decoded, so there is no clip.")
        }
        let muxer = try ClipMuxer(path: path, tracks: tracks, interrupt: interrupt)
        try muxer.write(tracks)
        let byteCount = try muxer.finish(durably: settings.isDurable)
        let moved = epoch - closed.start
        return CutClip(
            path: path,
            interval: MediaInterval(start: selection.interval.start + moved, end: selection.interval.end),
            duration: end - epoch,
            byteCount: byteCount,
            isDamaged: selection.packets.contains { $0.isDamaged },
            converted: converted,
            elapsed: clock.now - begin
        )
    }

    /// Whether a track can be copied: a codec that players know, and time stamps for the order of presentation.
    private static func copies(_ stream: StreamInfo, _ packets: [Packet]) -> Bool {
        copied.contains(stream.codec) && (stream.kind == .audio || packets.allSatisfy { $0.pts != nil })
    }

    private func convert(
        _ packets: [Packet],
        of stream: StreamInfo,
        from start: MediaTime,
        to end: MediaTime,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> (stream: StreamInfo, packets: [Packet]) {
        let interval = MediaInterval(start: start, end: end)
        switch stream.kind {
        case .video:
            return try PictureConverter(quality: settings.quality, threads: settings.encoderThreads)
                .convert(packets, of: stream, in: interval, interrupt: interrupt)
        case .audio:
            return try SoundConverter().convert(packets, of: stream, in: interval, interrupt: interrupt)
        }
    }
}

/// A selection whose time stamps run on without leaps.
///
/// A leap would stretch the sample before it, and players lose sync there.
package struct ClosedGaps: Sendable {
    /// The packets, with leaps closed.
    package private(set) var packets: [Packet] = []
    /// Where the selection's start came to lie.
    package private(set) var start: MediaTime
    /// Where the selection's end came to lie.
    package private(set) var end: MediaTime

    /// Closes the leaps of a selection.
    package init(_ selection: ClipSelection) {
        start = selection.interval.start
        end = selection.interval.end
        let kinds = Set(selection.packets.map(\.kind))
        // A picture alone may stand still for long; with sound beside it, nothing may pause for a second.
        var repair = TimestampRepair(limits: kinds.count > 1 ? .clip : .file)
        var startOffset: Duration?
        var endOffset = Duration.zero
        for packet in selection.packets {
            guard let raw = packet.decodingTime, let time = packet.time else { continue }
            let offset = repair.offset(
                stream: packet.trackID.order,
                decodingTime: raw,
                duration: packet.timebase.span(packet.duration)
            )
            packets.append(packet.shifted(byTicks: packet.timebase.ticks(offset)))
            if time <= selection.interval.start { startOffset = offset }
            endOffset = offset
        }
        start = start + (startOffset ?? .zero)
        end = max(start, end + endOffset)
    }
}
