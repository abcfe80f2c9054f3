package import HypeCore

/// Decodes pictures packet by packet, and gives those of a ``FrameReader``'s grid.
///
/// Belongs to one thread.
package final class FramePuller {
    /// The wanted part of the upright picture, or nil for all of it.
    package var region: PixelRegion?
    /// Pictures are made smaller so that neither side is longer than this many pixels; nil keeps the size.
    package var longestSide: Int?

    private let stream: StreamInfo
    private let decoder: Decoder
    private let holder: PacketHolder
    private let scaler = PictureScaler()
    private var grid: FrameGrid
    private var isWaitingForKeyFrame = true
    private var lastTime: MediaTime?

    /// A leap in decoding times after which the decoder begins anew.
    private static let leap = Duration.seconds(1)

    /// Opens a decoder for a picture track.
    ///
    /// - Throws: ``MediaError`` with code `.cannotDecode`.
    package init(_ stream: StreamInfo, settings: FrameReader.Settings) throws(MediaError) {
        self.stream = stream
        region = settings.region
        longestSide = settings.longestSide
        grid = FrameGrid(step: settings.step)
        decoder = try Decoder(stream, effort: settings.selection.effort)
        holder = try PacketHolder()
    }

    /// Decodes the next packet in decoding order; where some are missing, the next one must be a key frame.
    ///
    /// - Returns: The pictures of the grid that are ready, in order.
    /// - Throws: ``MediaError`` without memory.
    package func push(_ packet: Packet) throws(MediaError) -> [VideoFrame] {
        if let lastTime, let time = packet.decodingTime, time - lastTime > Self.leap, packet.isKey {
            decoder.flush()
            grid.reset()
        }
        lastTime = packet.decodingTime ?? lastTime
        if packet.isKey { isWaitingForKeyFrame = false }
        guard !isWaitingForKeyFrame else { return [] }
        try holder.fill(from: packet)
        decoder.send(holder)
        var frames: [VideoFrame] = []
        while decoder.receive() {
            guard let time = decoder.time, grid.chooses(time) else { continue }
            let picture = scaler.picture(
                from: decoder.frame,
                rotation: stream.rotation,
                region: region,
                longestSide: longestSide
            )
            if let picture { frames.append(VideoFrame(time: time, image: picture.image, region: picture.region)) }
        }
        return frames
    }
}
