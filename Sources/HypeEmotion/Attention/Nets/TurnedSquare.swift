import Foundation

/// A square cut of a picture that may be turned and mirrored.
package struct TurnedSquare: Hashable, Sendable {
    /// Middle, in pixels of the picture.
    package var center: SIMD2<Float>
    /// Length of a side in pixels of the picture.
    package var side: Float
    /// Turn in radians, clockwise as seen.
    package var angle: Float
    /// Whether the cut shows the picture mirrored from left to right.
    package var isMirrored: Bool

    /// Creates a square.
    package init(center: SIMD2<Float>, side: Float, angle: Float, isMirrored: Bool = false) {
        self.center = center
        self.side = side
        self.angle = angle
        self.isMirrored = isMirrored
    }

    /// Where a point of the cut lies in the picture.
    ///
    /// - Parameter place: Point of the cut, 0…1 from its left and top edge.
    /// - Returns: Pixels of the picture.
    func picturePoint(_ place: SIMD2<Float>) -> SIMD2<Float> {
        center + across * (place.x - 0.5) + down * (place.y - 0.5)
    }

    /// Where a point with depth lies in the picture.
    ///
    /// - Parameter place: Point of the cut, 0…1, with a depth in the same unit.
    /// - Returns: Pixels of the picture, the depth in them as well.
    func picturePoint(_ place: SIMD3<Float>) -> SIMD3<Float> {
        let point = picturePoint(SIMD2(place.x, place.y))
        return SIMD3(point.x, point.y, place.z * side)
    }

    /// The way from the cut's left edge to its right edge, in pixels of the picture.
    var across: SIMD2<Float> { SIMD2(cos(angle), sin(angle)) * (isMirrored ? -side : side) }

    /// The way from the cut's upper edge to its lower edge, in pixels of the picture.
    var down: SIMD2<Float> { SIMD2(-sin(angle), cos(angle)) * side }

    /// Turn of the line from one point to another, in radians, clockwise as seen.
    static func angle(from start: SIMD2<Float>, to end: SIMD2<Float>) -> Float {
        atan2(end.y - start.y, end.x - start.x)
    }
}
