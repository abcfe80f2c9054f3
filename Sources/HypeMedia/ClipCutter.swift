package import HypeCore

/// Cuts clips out of recordings by the same way that live streams take: through a replay ring.
package struct ClipCutter: Sendable {
    /// How much the ring may hold beyond the wanted stretch.
    package struct Settings: Hashable, Sendable {
        /// Bytes of packets that a clip may have with its lead-in; the clip's beginning is lost beyond.
        package var ringBytes: Int
        /// How the file is written.
        package var writer: ClipWriter.Settings

        /// Creates settings; by default 512 MB.
        package init(ringBytes: Int = 512 << 20, writer: ClipWriter.Settings = ClipWriter.Settings()) {
            self.ringBytes = ringBytes
            self.writer = writer
        }
    }

    /// How clips are cut.
    package var settings: Settings

    /// Creates a cutter.
    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// How far before the start reading begins, so that the sound around the start is there.
    private static let leadIn = Duration.milliseconds(500)
    /// How far tracks may lag behind each other in a file.
    private static let interleaving = Duration.seconds(2)

    /// Cuts a stretch of a recording into a file; blocks until it is written.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - interval: The wanted stretch on the media clock.
    ///   - path: The MP4 file to make or replace.
    ///   - interrupt: The switch that ends the call.
    ///   - progress: Called now and then with the part of the reading that is done, 0…1.
    /// - Returns: What was written.
    /// - Throws: ``MediaError``, see ``ClipWriter/write(_:interval:to:interrupt:)``.
    package func cut(
        _ file: MediaFile,
        interval: MediaInterval,
        to path: String,
        interrupt: MediaInterrupt = MediaInterrupt(),
        progress: (Double) -> Void = { _ in }
    ) throws(MediaError) -> CutClip {
        // What lies before the recording's beginning is a lead-in that its own edit list hides.
        let start = max(interval.start, file.info.interval.start)
        let wish = MediaInterval(start: start, end: interval.end)
        let ring = try fill(from: file, interval: wish, interrupt: interrupt, progress: progress)
        return try cut(ring, interval: wish, to: path, interrupt: interrupt)
    }

    /// Writes a stretch that a ring already holds: the way from a trigger to the file.
    ///
    /// - Parameters:
    ///   - ring: A ring that holds the stretch.
    ///   - interval: The wanted stretch on the media clock.
    ///   - path: The MP4 file to make or replace.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: What was written; its `elapsed` is the time from the trigger to the named file.
    /// - Throws: ``MediaError``, see ``ClipWriter/write(_:interval:to:interrupt:)``.
    package func cut(
        _ ring: ReplayRing,
        interval: MediaInterval,
        to path: String,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> CutClip {
        let clock = ContinuousClock()
        let begin = clock.now
        let writer = ClipWriter(settings: settings.writer)
        let clip = try writer.write(
            ring.snapshot(from: interval.start - Self.leadIn),
            interval: interval,
            to: path,
            interrupt: interrupt
        )
        return clip.taking(clock.now - begin)
    }

    /// Fills a ring from a recording with what a stretch needs.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - interval: The wanted stretch on the media clock.
    ///   - interrupt: The switch that ends the call.
    ///   - progress: Called now and then with the part that is done, 0…1.
    /// - Returns: A ring that holds the stretch, as far as ``Settings/ringBytes`` allows.
    /// - Throws: ``MediaError`` where the file cannot be read.
    package func fill(
        from file: MediaFile,
        interval: MediaInterval,
        interrupt: MediaInterrupt = MediaInterrupt(),
        progress: (Double) -> Void = { _ in }
    ) throws(MediaError) -> ReplayRing {
        let source = try MediaSource(file, interrupt: interrupt)
        let span = interval.duration + Self.interleaving * 2 + Self.leadIn
        let ring = ReplayRing(
            streams: [source.video, source.audio].compactMap { $0 },
            limits: ReplayRing.Limits(span: span, bytes: settings.ringBytes)
        )
        let feed = try PacketFeed(source) { ring.update($0) }
        try source.seek(to: interval.start - Self.leadIn)
        var open = Set([source.video, source.audio].compactMap { $0?.kind })
        let length = max(.nanoseconds(1), interval.duration)
        var count = 0
        while !open.isEmpty, let packet = try feed.next() {
            ring.append(packet)
            guard let time = packet.decodingTime else { continue }
            // Pictures may be shown before others that come earlier in the file, so the decoding time decides.
            if time >= interval.end { open.remove(packet.kind) }
            if time >= interval.end + Self.interleaving { break }
            count += 1
            if count % 64 == 0 {
                progress(min(1, max(0, (time - interval.start).inSeconds / length.inSeconds)))
            }
        }
        progress(1)
        return ring
    }
}

extension CutClip {
    fileprivate func taking(_ elapsed: Duration) -> CutClip {
        CutClip(
            path: path,
            interval: interval,
            duration: duration,
            byteCount: byteCount,
            isDamaged: isDamaged,
            converted: converted,
            elapsed: elapsed
        )
    }
}
