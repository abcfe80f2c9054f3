import HypeCore

/// A picture that is being drawn.
///
/// Pixels have whole coordinates, from the top left; what lies outside of the picture is not drawn.
struct Canvas {
    let width: Int
    let height: Int
    private var bytes: [UInt8]

    /// Creates a picture of one colour.
    init(width: Int, height: Int, background: Colour) {
        self.width = width
        self.height = height
        bytes = [UInt8](repeating: background.red, count: width * height * 3)
        for place in stride(from: 0, to: bytes.count, by: 3) {
            bytes[place + 1] = background.green
            bytes[place + 2] = background.blue
        }
    }

    /// What was drawn.
    var image: PixelBuffer { PixelBuffer(width: width, height: height, bytes: bytes) }

    /// Mixes a colour into a pixel; `share` is 0 for nothing of it, 1 for nothing else.
    mutating func blend(_ colour: Colour, x: Int, y: Int, share: Double) {
        guard share > 0, (0..<width).contains(x), (0..<height).contains(y) else { return }
        let place = (y * width + x) * 3
        for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
            let old = Double(bytes[place + channel])
            bytes[place + channel] = UInt8((old + (Double(value) - old) * min(share, 1)).rounded())
        }
    }

    /// Fills a rectangle.
    mutating func fill(_ region: PixelRegion, with colour: Colour) {
        guard let region = region.clamped(toWidth: width, height: height) else { return }
        for y in region.y..<region.y + region.height {
            for x in region.x..<region.x + region.width { blend(colour, x: x, y: y, share: 1) }
        }
    }

    /// Copies a picture, which must lie inside.
    mutating func place(_ image: PixelBuffer, x: Int, y: Int) {
        precondition(x >= 0 && y >= 0 && x + image.width <= width && y + image.height <= height, "it lies inside")
        for row in 0..<image.height {
            let target = ((y + row) * width + x) * 3
            let source = row * image.width * 3
            bytes.replaceSubrange(
                target..<target + image.width * 3,
                with: image.bytes[source..<source + image.width * 3]
            )
        }
    }
}
