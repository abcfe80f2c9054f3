import CFFmpeg
package import HypeCore

/// An open recording that gives its packets in file order.
///
/// Belongs to one thread at a time: all calls block. Every blocking call ends through the ``MediaInterrupt`` that the
/// source was opened with. Time stamps are those of the file, not moved to zero; where the file's time stamps start
/// over or leap (see ``MediaFile``), they are repaired.
package final class MediaSource {
    /// How a source is opened.
    package struct Options: Hashable, Sendable {
        /// libavformat's protocols that may be used, separated by commas.
        package var protocols = "file"
        /// Bytes that may be read to find out what the streams are, 32 … 2^31.
        package var probeSize = 5_000_000
        /// Media time that may be read to find out what the streams are.
        package var probeSpan = Duration.seconds(5)
        /// Whether the packets are looked into, to find out what the streams are.
        ///
        /// Costs as much as decoding some pictures. Without it only sources of an opened ``MediaFile`` whose container says
        /// all itself can be read, and only from the beginning.
        var probes = true

        /// Creates the options for local files.
        package init() {}
    }

    /// The picture track, or nil.
    package private(set) var video: StreamInfo?
    /// The sound track, or nil.
    package private(set) var audio: StreamInfo?
    /// Packets that were damaged or could not be read so far.
    package private(set) var damagedPackets = 0

    let context: UnsafeMutablePointer<AVFormatContext>
    let interrupt: MediaInterrupt
    private let timeline: Timeline?
    private var wanted: Set<Int32> = []
    private var lastOffsets: [Int32: Duration] = [:]
    private var peeked: [PacketHolder] = []
    private var readErrors = 0
    private var isFresh = true
    private(set) var isAtStart = true

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - file: A recording that was looked at before.
    ///   - kinds: The tracks whose packets are wanted.
    ///   - options: How to open.
    ///   - interrupt: The switch that ends all calls of this source.
    /// - Throws: ``MediaError`` in the words of the cause.
    package convenience init(
        _ file: MediaFile,
        kinds: Set<StreamInfo.Kind> = [.video, .audio],
        options: Options = Options(),
        interrupt: MediaInterrupt
    ) throws(MediaError) {
        try self.init(path: file.path, timeline: file.timeline, options: options, interrupt: interrupt)
        select(kinds)
    }

    /// Opens a file to be read once from its beginning, without finding out again what is known of it.
    ///
    /// - Parameters:
    ///   - file: A recording that was looked at before.
    ///   - kinds: The tracks whose packets are wanted.
    ///   - interrupt: The switch that ends all calls of this source.
    /// - Throws: ``MediaError`` in the words of the cause.
    convenience init(
        reading file: MediaFile,
        kinds: Set<StreamInfo.Kind>,
        interrupt: MediaInterrupt
    ) throws(MediaError) {
        var options = Options()
        options.probes = !file.describesItself
        try self.init(path: file.path, timeline: file.timeline, options: options, interrupt: interrupt)
        if !options.probes {
            video = file.video
            audio = file.audio
        }
        select(kinds)
    }

    init(path: String, timeline: Timeline?, options: Options, interrupt: MediaInterrupt) throws(MediaError) {
        _ = LibAV.silenced
        try InputCheck.check(path)
        context = try SourceOpener.open(path, options: options, interrupt: interrupt)
        self.interrupt = interrupt
        self.timeline = timeline
        video = stream(AVMEDIA_TYPE_VIDEO)
        audio = stream(AVMEDIA_TYPE_AUDIO)
        guard video != nil || audio != nil else {
            throw MediaError(.noStreams, "\(path) has neither picture nor sound. Give a recording that has.")
        }
        select([.video, .audio])
    }

    deinit {
        peeked.removeAll()
        var last: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&last)
    }

    /// Limits reading to some tracks; demuxers skip the bytes of the others where they can.
    ///
    /// - Parameter kinds: The tracks whose packets are wanted.
    package func select(_ kinds: Set<StreamInfo.Kind>) {
        wanted = Set([video, audio].compactMap { $0 }.filter { kinds.contains($0.kind) }.map { Int32($0.index) })
        for index in 0..<Int(context.pointee.nb_streams) {
            guard let stream = context.pointee.streams[index] else { continue }
            stream.pointee.discard = wanted.contains(Int32(index)) ? AVDISCARD_DEFAULT : AVDISCARD_ALL
        }
    }

    /// Reads the next packet of the wanted tracks as a value.
    ///
    /// - Returns: The packet, or nil at the end of the file.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` with code `.cannotOpen` where the disk fails.
    package func nextPacket() throws(MediaError) -> Packet? {
        let holder = try PacketHolder()
        guard try read(into: holder) else { return nil }
        return value(of: holder)
    }

    /// The value of a packet that was read.
    func value(of holder: PacketHolder) -> Packet? {
        let isVideo = holder.pointer.pointee.stream_index == (video?.index).map { Int32($0) }
        return (isVideo ? video : audio).map(holder.packet)
    }

    /// Reads the next packet of the wanted tracks; false at the end of the file.
    func read(into holder: PacketHolder) throws(MediaError) -> Bool {
        if !peeked.isEmpty {
            holder.take(from: peeked.removeFirst())
            return true
        }
        isFresh = false
        while true {
            try interrupt.check()
            holder.clear()
            let code = av_read_frame(context, holder.pointer)
            if code < 0 {
                if code == hype_error_eof { return false }
                if code == hype_error_exit || interrupt.isCancelled { throw .cancelled }
                damagedPackets += 1
                readErrors += 1
                // A demuxer that fails again and again without moving on has reached the end of what can be read.
                if code == hype_averror(EIO) || readErrors > 100 { return false }
                continue
            }
            readErrors = 0
            guard wanted.contains(holder.pointer.pointee.stream_index), !holder.bytes.isEmpty else { continue }
            if holder.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { damagedPackets += 1 }
            repairTimestamps(of: holder)
            return true
        }
    }

    /// Moves to a place from which the wanted time can be decoded.
    ///
    /// For sources with picture, the next picture packet is a key frame whose presentation time is not after `target`;
    /// for sound alone, the next packet starts at or before it. Where the file has no such packet, reading starts at its
    /// beginning.
    /// - Parameter target: The wanted time.
    /// - Returns: Presentation time of the packet that was found, or nil where it is the file's beginning.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` with code `.cannotOpen` for files that cannot be rewound.
    @discardableResult
    package func seek(to target: MediaTime) throws(MediaError) -> MediaTime? {
        if let timeline, seeksByBytes, !timeline.entries.isEmpty {
            return try seek(to: target, in: timeline)
        }
        guard let anchor = seekAnchor else { return nil }
        let start = fileStart
        var wish = target
        var step = Duration.seconds(1)
        for _ in 0..<12 where wish > start {
            forget()
            let code = av_seek_frame(
                context,
                Int32(anchor.index),
                wish.pts(in: anchor.timebase),
                AVSEEK_FLAG_BACKWARD
            )
            guard code >= 0 else { break }
            isAtStart = false
            if let found = try peek(anchor), found <= target { return found }
            wish = min(wish, target) - step
            step = step * 2
        }
        try rewind()
        return nil
    }

    /// Moves to the beginning of the file.
    ///
    /// - Throws: ``MediaError`` with code `.cannotOpen` for files that cannot be rewound.
    package func rewind() throws(MediaError) {
        if isFresh { return }
        forget()
        isAtStart = true
        if !seeksByBytes, let anchor = seekAnchor {
            let start = context.pointee.streams[anchor.index].flatMap { Optional($0.pointee.start_time) } ?? 0
            let first = start == hype_nopts ? 0 : start
            if av_seek_frame(context, Int32(anchor.index), first, AVSEEK_FLAG_BACKWARD) >= 0 { return }
            if av_seek_frame(context, Int32(anchor.index), first, AVSEEK_FLAG_BACKWARD | AVSEEK_FLAG_ANY) >= 0 {
                return
            }
        }
        guard av_seek_frame(context, -1, 0, AVSEEK_FLAG_BYTE) >= 0 else {
            throw MediaError(.cannotOpen, "The recording cannot be read from its beginning again.")
        }
    }
}

extension MediaSource {
    /// The track that seeking aims at.
    private var seekAnchor: StreamInfo? {
        if let video, wanted.contains(Int32(video.index)) { return video }
        return audio ?? video
    }

    /// Whether the container can be entered at any byte position that a packet was found at.
    private var seeksByBytes: Bool {
        guard let format = context.pointee.iformat, format.pointee.flags & AVFMT_NO_BYTE_SEEK == 0 else { return false }
        return timeline != nil && ["mpegts", "mpeg", "flv", "live_flv"].contains(String(cString: format.pointee.name))
    }

    private var fileStart: MediaTime {
        let start = context.pointee.start_time
        return start == hype_nopts ? .zero : MediaTime(pts: start, timebase: .microseconds)
    }

    private func forget() {
        peeked.removeAll()
        lastOffsets.removeAll()
        readErrors = 0
    }

    private func seek(to target: MediaTime, in timeline: Timeline) throws(MediaError) -> MediaTime? {
        guard let anchor = seekAnchor else { return nil }
        var entry = timeline.entry(atOrBefore: target)
        while let candidate = entry, candidate != timeline.entries.first {
            forget()
            guard av_seek_frame(context, -1, candidate.position, AVSEEK_FLAG_BYTE) >= 0 else { break }
            isAtStart = false
            if let found = try peek(anchor), found <= target { return found }
            entry = timeline.entry(atOrBefore: candidate.time - .nanoseconds(1))
        }
        try rewind()
        return nil
    }

    /// Reads ahead to the next packet of a track where decoding can begin, keeping what was read for later calls.
    private func peek(_ anchor: StreamInfo) throws(MediaError) -> MediaTime? {
        var read: [PacketHolder] = []
        defer { peeked = read }
        for _ in 0..<2000 {
            let holder = try PacketHolder()
            guard try self.read(into: holder) else { return nil }
            read.append(holder)
            guard let packet = value(of: holder), packet.kind == anchor.kind, let time = packet.time else { continue }
            if packet.kind == .audio || packet.isKey { return time }
        }
        return nil
    }

    private func repairTimestamps(of holder: PacketHolder) {
        guard let timeline, timeline.hasEpochs else { return }
        let packet = holder.pointer
        let index = packet.pointee.stream_index
        let offset =
            timeline.offset(stream: Int(index), position: packet.pointee.pos) ?? lastOffsets[index] ?? .zero
        lastOffsets[index] = offset
        guard offset != .zero, let stream = context.pointee.streams[Int(index)] else { return }
        let ticks = Timebase(stream.pointee.time_base).ticks(offset)
        if packet.pointee.pts != hype_nopts { packet.pointee.pts &+= ticks }
        if packet.pointee.dts != hype_nopts { packet.pointee.dts &+= ticks }
    }

    private func stream(_ type: AVMediaType) -> StreamInfo? {
        let index = av_find_best_stream(context, type, -1, -1, nil, 0)
        guard index >= 0, index < Int32(clamping: context.pointee.nb_streams),
            let stream = context.pointee.streams[Int(index)],
            stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else { return nil }
        return StreamInfo(stream)
    }
}
