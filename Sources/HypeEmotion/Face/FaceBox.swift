package import HypeCore

/// A rectangle in continuous picture coordinates: pixel `i` covers `i ..< i + 1`, origin at the top left.
package struct FaceBox: Hashable, Sendable {
    /// Left edge in pixels.
    package var x: Float
    /// Top edge in pixels.
    package var y: Float
    /// Width in pixels.
    package var width: Float
    /// Height in pixels.
    package var height: Float

    /// Creates a rectangle.
    package init(x: Float, y: Float, width: Float, height: Float) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Creates a rectangle from whole pixels.
    package init(_ region: PixelRegion) {
        self.init(
            x: Float(region.x),
            y: Float(region.y),
            width: Float(region.width),
            height: Float(region.height)
        )
    }

    /// The point in the middle.
    package var center: SIMD2<Float> { SIMD2(x + width / 2, y + height / 2) }

    /// The longer of width and height.
    package var side: Float { max(width, height) }

    /// Intersection over union (IoU) with another rectangle, 0…1.
    package func overlap(with other: FaceBox) -> Float {
        let columns = max(0, min(x + width, other.x + other.width) - max(x, other.x))
        let rows = max(0, min(y + height, other.y + other.height) - max(y, other.y))
        let union = width * height + other.width * other.height - columns * rows
        return union > 0 ? columns * rows / union : 0
    }

    /// The square around the same middle whose side is the longer side times a factor.
    ///
    /// - Parameter factor: Above 0.
    /// - Returns: The square, which may reach over the picture's edge.
    package func square(scaledBy factor: Float) -> FaceBox {
        let side = side * factor
        return FaceBox(x: center.x - side / 2, y: center.y - side / 2, width: side, height: side)
    }

    /// The smallest rectangle of whole pixels that covers this one.
    package var region: PixelRegion {
        let left = Int(x.rounded(.down))
        let top = Int(y.rounded(.down))
        return PixelRegion(
            x: left,
            y: top,
            width: Int((x + width).rounded(.up)) - left,
            height: Int((y + height).rounded(.up)) - top
        )
    }
}
