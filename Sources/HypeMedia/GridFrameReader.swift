import CFFmpeg
package import HypeCore

/// Reads a picture track from its beginning on a fixed grid: for each point the frame that is nearest in time.
///
/// Only frames that are asked for are converted. Belongs to one thread at a time.
package final class GridFrameReader {
    /// Which pictures are wanted, and in which form.
    package struct Settings: Hashable, Sendable {
        /// Distance of the grid's points, above zero; a sixteenth of a second by default.
        package var step: Duration = .nanoseconds(62_500_000)
        /// Only every n-th point of the grid is read, from point zero on; at least 1.
        package var stride: Int64 = 1
        /// Which pictures are decoded at all.
        package var selection = FrameReader.Settings.Selection.all
        /// Pictures are made smaller so that neither side is longer than this many pixels.
        package var longestSide = 1280

        /// Creates the default settings.
        package init() {}
    }

    /// A frame and when it stands for what is seen.
    package struct Look: Sendable {
        /// The frame; its time is its own.
        package var frame: VideoFrame
        /// From the first point that it serves to the one after the last.
        package var shown: MediaInterval
    }

    /// Packets that were damaged or refused by the decoder so far.
    package var damagedPackets: Int { source.damagedPackets + decoder.damagedPackets }
    /// Whether anything was decoded.
    package private(set) var hasFrames = false

    private let settings: Settings
    private let end: MediaTime
    private let source: MediaSource
    private let stream: StreamInfo
    private let decoder: Decoder
    private let packet: PacketHolder
    private let scaler = PictureScaler()
    private let held: FrameHolder
    private var heldTime: MediaTime?
    private var grid: NearestFrameGrid
    private var isDraining = false
    private var isFinished = false

    /// Opens the picture track.
    ///
    /// - Parameters:
    ///   - file: The recording; its first instant is point zero of the grid.
    ///   - settings: Which pictures, in which form.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError``, with code `.noVideo` where there is no picture track.
    package init(
        _ file: MediaFile,
        settings: Settings = Settings(),
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) {
        source = try MediaSource(reading: file, kinds: [.video], interrupt: interrupt)
        guard let stream = source.video else { throw MediaError(.noVideo, "\(file.path) has no picture track.") }
        self.stream = stream
        self.settings = settings
        end = file.info.interval.end
        grid = NearestFrameGrid(origin: file.info.interval.start, step: settings.step)
        decoder = try Decoder(stream, effort: settings.selection.effort)
        packet = try PacketHolder()
        held = try FrameHolder()
    }

    /// Decodes up to the next frame that serves a wanted point.
    ///
    /// - Returns: The frame, or nil at the end.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` where the disk fails.
    package func next() throws(MediaError) -> Look? {
        while !isFinished {
            guard try decode() else {
                isFinished = true
                return look(grid.finish(at: end))
            }
            guard let time = decoder.time, let points = grid.push(time) else { continue }
            let found = look(points)
            hasFrames = true
            held.hold(decoder.frame)
            heldTime = time
            if let found { return found }
        }
        return nil
    }

    /// The held frame, where one of its points is wanted.
    private func look(_ points: Range<Int64>) -> Look? {
        let stride = max(1, settings.stride)
        let first = (points.lowerBound + stride - 1) / stride * stride
        guard first < points.upperBound, let time = heldTime else { return nil }
        let last = (points.upperBound - 1) / stride * stride
        guard
            let (image, region) = scaler.picture(
                from: held.pointer,
                rotation: stream.rotation,
                region: nil,
                longestSide: settings.longestSide
            )
        else { return nil }
        return Look(
            frame: VideoFrame(time: time, image: image, region: region),
            shown: MediaInterval(start: grid.time(of: first), end: grid.time(of: last + stride))
        )
    }

    /// Decodes the next frame; false at the end of the file.
    private func decode() throws(MediaError) -> Bool {
        while !decoder.receive() {
            if isDraining { return false }
            if try source.read(into: packet) {
                decoder.send(packet)
            } else {
                decoder.send(nil)
                isDraining = true
            }
        }
        return true
    }
}
