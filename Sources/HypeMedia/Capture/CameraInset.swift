package import HypeCore

/// Where the webcam lies over the screen.
package struct CameraInset: Hashable, Sendable {
    /// A corner of the picture.
    package enum Corner: String, Hashable, Sendable, Codable, CaseIterable {
        case topLeft, topRight, bottomLeft, bottomRight
    }

    /// The corner that the webcam lies in.
    package var corner: Corner
    /// Width of the webcam's place as a share of the picture's, 0.05…1.
    package var share: Double
    /// Width of the webcam's place over its height, 0.5…3; the webcam's picture is cut to it.
    package var aspect: Double
    /// Distance from both edges as a share of the picture's height, 0…0.25.
    package var margin: Double

    /// Creates a place; numbers out of range are moved into it.
    package init(corner: Corner = .bottomRight, share: Double = 0.25, aspect: Double = 16 / 9, margin: Double = 0.02) {
        self.corner = corner
        self.share = min(1, max(0.05, share))
        self.aspect = min(3, max(0.5, aspect))
        self.margin = min(0.25, max(0, margin))
    }

    /// The place in a picture, in even numbers as the colour planes need them.
    ///
    /// - Parameters:
    ///   - pictureWidth: Columns of the picture, even, at least 16.
    ///   - pictureHeight: Rows of the picture, even, at least 16.
    /// - Returns: A rectangle of at least 2 by 2 pixels inside the picture.
    package func region(inWidth pictureWidth: Int, height pictureHeight: Int) -> PixelRegion {
        let width = min(pictureWidth, max(2, Self.even(Double(pictureWidth) * share)))
        let height = min(pictureHeight, max(2, Self.even(Double(width) / aspect)))
        let distance = Self.even(Double(pictureHeight) * margin)
        let near = (x: min(distance, pictureWidth - width), y: min(distance, pictureHeight - height))
        let far = (x: pictureWidth - width - near.x, y: pictureHeight - height - near.y)
        let isLeft = corner == .topLeft || corner == .bottomLeft
        let isTop = corner == .topLeft || corner == .topRight
        return PixelRegion(x: isLeft ? near.x : far.x, y: isTop ? near.y : far.y, width: width, height: height)
    }

    /// The part of a picture that fills a rectangle of another shape, around the middle.
    ///
    /// - Parameters:
    ///   - width: Columns of the picture, at least 1.
    ///   - height: Rows of the picture, at least 1.
    ///   - target: The rectangle that is filled.
    /// - Returns: The largest part of the picture with the rectangle's shape.
    static func crop(width: Int, height: Int, filling target: PixelRegion) -> PixelRegion {
        let wanted = Double(target.width) / Double(max(1, target.height))
        let fullHeight = min(height, max(1, Int((Double(width) / wanted).rounded())))
        let fullWidth = min(width, max(1, Int((Double(height) * wanted).rounded())))
        return PixelRegion(
            x: (width - fullWidth) / 2,
            y: (height - fullHeight) / 2,
            width: fullWidth,
            height: fullHeight
        )
    }

    /// The largest rectangle of a picture's shape in another one, in even numbers around the middle.
    ///
    /// - Parameters:
    ///   - width: Columns of the picture, at least 1.
    ///   - height: Rows of the picture, at least 1.
    ///   - target: Size that the picture is made to fit.
    /// - Returns: A rectangle inside the target; the rest of it stays black.
    static func fit(width: Int, height: Int, into target: (width: Int, height: Int)) -> PixelRegion {
        let scale = min(Double(target.width) / Double(width), Double(target.height) / Double(height))
        let shownWidth = min(target.width, max(2, even(Double(width) * scale)))
        let shownHeight = min(target.height, max(2, even(Double(height) * scale)))
        return PixelRegion(
            x: (target.width - shownWidth) / 4 * 2,
            y: (target.height - shownHeight) / 4 * 2,
            width: shownWidth,
            height: shownHeight
        )
    }

    private static func even(_ value: Double) -> Int { Int((value / 2).rounded()) * 2 }
}
