import CFFmpeg
package import HypeCore

/// Reads pictures of a recording on a fixed time grid.
///
/// The grid lies at the multiples of ``Settings/step`` on the media clock; for each point the first decoded frame at or
/// after it is given. So the frames of a stretch are the same, in time and bytes, whether the stretch is reached by
/// seeking or by decoding everything before it. Belongs to one thread at a time; any number of readers may read
/// different stretches of one file.
package final class FrameReader {
    /// Which pictures are wanted, and in which form.
    package struct Settings: Hashable, Sendable {
        /// Which pictures are decoded.
        package enum Selection: Hashable, Sendable {
            /// All of them, exactly as a player shows them.
            case all
            /// Those that others refer to, without the loop filter: less work where the stream has B-frames.
            case referenceFrames
            /// Key frames only: least work, one picture every few seconds.
            case keyFrames
        }

        /// Distance of the grid's points, above zero; 125 ms by default.
        package var step: Duration
        /// Which pictures are decoded.
        package var selection: Selection
        /// The part of the upright picture that is wanted, in its pixels; nil for all of it.
        package var region: PixelRegion?
        /// Pictures are made smaller so that neither side is longer than this many pixels; nil keeps the size.
        package var longestSide: Int?

        /// Creates settings; by default eight reference frames per second, whole and in full size.
        package init(
            step: Duration = .milliseconds(125),
            selection: Selection = .referenceFrames,
            region: PixelRegion? = nil,
            longestSide: Int? = nil
        ) {
            self.step = step
            self.selection = selection
            self.region = region
            self.longestSide = longestSide
        }
    }

    /// Packets that were damaged or refused by the decoder so far.
    package var damagedPackets: Int { source.damagedPackets + decoder.damagedPackets }
    /// The wanted part of the upright picture; may be changed between frames.
    package var region: PixelRegion?

    private let settings: Settings
    private let source: any PictureSource
    private let stream: StreamInfo
    private let decoder: Decoder
    private let holder: PacketHolder
    private let scaler = PictureScaler()
    private var grid: FrameGrid
    private var wanted: MediaInterval
    private var isFromStart = true
    private var isDraining = false
    private var isFinished = false
    private var lead = Duration.zero

    /// Opens the picture track, to be read from the beginning to the end.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - settings: Which pictures, in which form.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError``, with code `.noVideo` where there is no picture track.
    package convenience init(
        _ file: MediaFile,
        settings: Settings = Settings(),
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) {
        let source = try MediaSource(file, kinds: [.video], interrupt: interrupt)
        guard let stream = source.video else {
            throw MediaError(.noVideo, "\(file.path) has no picture track.")
        }
        try self.init(source, stream: stream, settings: settings)
    }

    /// Takes the picture track of packets in memory, to be read from the beginning to the end.
    ///
    /// - Parameters:
    ///   - snapshot: The packets; a stretch is the same as in a file of them, as far as they reach back before it.
    ///   - settings: Which pictures, in which form.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError``, with code `.noVideo` where there is no picture track.
    package convenience init(
        _ snapshot: ReplaySnapshot,
        settings: Settings = Settings(),
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) {
        guard let stream = snapshot.streams.first(where: { $0.kind == .video }) else {
            throw MediaError(.noVideo, "The stream has no picture track.")
        }
        let source = SnapshotSource(snapshot, interrupt: interrupt)
        try self.init(source, stream: stream, settings: settings)
    }

    private init(_ source: any PictureSource, stream: StreamInfo, settings: Settings) throws(MediaError) {
        self.source = source
        self.stream = stream
        self.settings = settings
        region = settings.region
        grid = FrameGrid(step: settings.step)
        decoder = try Decoder(stream, effort: settings.selection.effort)
        holder = try PacketHolder()
        wanted = .everything
    }

    /// Goes on reading at a stretch of the recording.
    ///
    /// - Parameter interval: The wanted stretch on the media clock; frames from its start up to but not at its end.
    /// - Throws: ``MediaError`` where the file cannot be moved in.
    package func start(_ interval: MediaInterval) throws(MediaError) {
        wanted = interval
        lead = .zero
        try enter()
    }

    /// Decodes up to the next frame of the grid.
    ///
    /// - Returns: The frame, or nil at the end of the stretch.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` where the disk fails.
    package func next() throws(MediaError) -> VideoFrame? {
        while try decode() {
            guard let time = decoder.time else { continue }
            if time >= wanted.start, !grid.hasPredecessor, !isFromStart {
                // What came before cannot be known from here: begin earlier.
                try enterEarlier()
                continue
            }
            let isChosen = grid.chooses(time)
            if time >= wanted.end { break }
            guard isChosen, wanted.contains(time) else { continue }
            if let (image, region) = picture(of: decoder.frame) {
                return VideoFrame(time: time, image: image, region: region)
            }
        }
        isFinished = true
        return nil
    }

    /// Decodes the frame that is on the screen at an instant, whatever the grid; afterwards reading has to start anew.
    ///
    /// - Parameter time: The instant; before the first frame, the first one is taken.
    /// - Returns: The frame, or nil where the file has none.
    /// - Throws: ``MediaError`` as for ``next()``.
    package func frame(shownAt time: MediaTime) throws(MediaError) -> VideoFrame? {
        try start(MediaInterval(start: time, end: time))
        let shown = try FrameHolder()
        var shownTime: MediaTime?
        while try decode() {
            guard let next = decoder.time else { continue }
            if next > time {
                if shownTime == nil, !isFromStart {
                    try enterEarlier()
                    continue
                }
                if shownTime != nil { break }
            }
            shown.hold(decoder.frame)
            shownTime = next
            if next >= time { break }
        }
        isFinished = true
        guard let shownTime, let (image, region) = picture(of: shown.pointer) else { return nil }
        return VideoFrame(time: shownTime, image: image, region: region)
    }

    private func picture(of frame: UnsafeMutablePointer<AVFrame>) -> (image: PixelBuffer, region: PixelRegion)? {
        scaler.picture(from: frame, rotation: stream.rotation, region: region, longestSide: settings.longestSide)
    }

    /// Decodes the next frame of the picture track; false at the end of the file.
    private func decode() throws(MediaError) -> Bool {
        if isFinished { return false }
        while !decoder.receive() {
            if isDraining { return false }
            if try source.read(into: holder) {
                let isKey = holder.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0
                if settings.selection == .keyFrames, !isKey { continue }
                decoder.send(holder)
            } else {
                decoder.send(nil)
                isDraining = true
            }
        }
        return true
    }

    private func enter() throws(MediaError) {
        // A frame before the start has to be decoded as well, to know which point of the grid the first one serves.
        isFromStart = try source.seek(to: wanted.start - lead - .nanoseconds(1)) == nil
        decoder.flush()
        grid.reset()
        isDraining = false
        isFinished = false
    }

    private func enterEarlier() throws(MediaError) {
        lead = max(.seconds(1), lead * 2)
        if lead > .seconds(600) {
            try source.rewind()
            decoder.flush()
            grid.reset()
            isFromStart = true
        } else {
            try enter()
        }
    }
}

extension FrameReader.Settings.Selection {
    var effort: Decoder.Effort {
        switch self {
        case .all: .exact
        case .referenceFrames: .referenceFrames
        case .keyFrames: .keyFrames
        }
    }
}

extension MediaInterval {
    /// All instants that a file can have.
    static let everything = MediaInterval(
        start: MediaTime(nanoseconds: .min / 2),
        end: MediaTime(nanoseconds: .max / 2)
    )
}
