import CFFmpeg
package import HypeCore

/// Reads picture files: anything that libavformat opens as a picture track with a single picture.
package enum StillReader {
    /// A picture as a person sees it.
    package struct Still: Sendable {
        /// The picture, upright, made smaller where it is larger than was asked for.
        package let image: PixelBuffer
        /// Columns of the upright picture in the file.
        package let width: Int
        /// Rows of the upright picture in the file.
        package let height: Int
        /// Whether further pictures follow, so that the file is a video or an animation.
        package let isFirstOfMany: Bool
    }

    /// Reads the first picture of a file.
    ///
    /// A turn that the camera wrote into the file (Exif orientation) is undone.
    /// - Parameters:
    ///   - file: The file.
    ///   - longestSide: Pictures are made smaller so that neither side is longer than this many pixels.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: The picture.
    /// - Throws: ``MediaError`` with code `.noVideo` where there is no picture track, `.cannotDecode` where nothing of
    ///   it can be decoded, or what opening throws.
    package static func read(
        _ file: MediaFile,
        longestSide: Int,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> Still {
        let source = try MediaSource(file, kinds: [.video], interrupt: interrupt)
        guard let stream = source.video else { throw MediaError(.noVideo, "\(file.path) has no picture.") }
        let decoder = try Decoder(stream)
        let holder = try PacketHolder()
        let scaler = PictureScaler()
        var first: (image: PixelBuffer, region: PixelRegion)?
        var isAtEnd = false
        while true {
            while decoder.receive() {
                if let first { return Self.still(first, isFirstOfMany: true) }
                let rotation = Self.rotation(of: decoder.frame) ?? stream.rotation
                first = scaler.picture(
                    from: decoder.frame,
                    rotation: rotation,
                    region: nil,
                    longestSide: longestSide
                )
            }
            if isAtEnd { break }
            isAtEnd = try !source.read(into: holder)
            decoder.send(isAtEnd ? nil : holder)
        }
        guard let first else {
            throw MediaError(
                .cannotDecode,
                "\(file.path) holds no picture that can be decoded. Save it again as PNG or JPEG."
            )
        }
        return Self.still(first, isFirstOfMany: false)
    }

    private static func still(_ picture: (image: PixelBuffer, region: PixelRegion), isFirstOfMany: Bool) -> Still {
        Still(
            image: picture.image,
            width: picture.region.width,
            height: picture.region.height,
            isFirstOfMany: isFirstOfMany
        )
    }

    /// Clockwise degrees that make a frame upright, where the frame itself says so.
    private static func rotation(of frame: UnsafeMutablePointer<AVFrame>) -> Int? {
        guard let data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX),
            data.pointee.size >= 9 * MemoryLayout<Int32>.size
        else { return nil }
        return UnsafeRawPointer(data.pointee.data).withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
            StreamInfo.rotation(matrix)
        }
    }
}
