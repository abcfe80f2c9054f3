import CFFmpeg
package import HypeCore

/// Compresses pictures without loss.
package enum PNGWriter {
    /// Compresses a picture.
    ///
    /// - Parameter image: Any picture of up to 16,384 pixels per side.
    /// - Returns: The bytes of a PNG file, 8 bits per channel.
    /// - Throws: ``MediaError`` with code `.cannotEncode`.
    package static func encode(_ image: PixelBuffer) throws(MediaError) -> [UInt8] {
        guard image.width > 0, image.height > 0, image.width <= 16_384, image.height <= 16_384 else {
            throw MediaError(.cannotEncode, "A picture of \(image.width) × \(image.height) cannot be a PNG file.")
        }
        let encoder = try Encoder("png", options: ["pred": "mixed"]) { context in
            context.width = Int32(clamping: image.width)
            context.height = Int32(clamping: image.height)
            context.pix_fmt = AV_PIX_FMT_RGB24
            context.time_base = AVRational(num: 1, den: 25)
        }
        let source = try FrameHolder.rgb(image)
        source.pointer.pointee.pts = 0
        let packets = try encoder.encode(source.pointer, as: .video) + encoder.encode(nil, as: .video)
        guard let packet = packets.first else { throw MediaError(.cannotEncode, "The PNG encoder gave nothing.") }
        return packet.bytes.withUnsafeBytes { [UInt8]($0) }
    }
}
