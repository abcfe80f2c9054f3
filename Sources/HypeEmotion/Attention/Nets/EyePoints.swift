/// The lids and the iris of one eye in one picture, in pixels of the picture.
package struct EyePoints: Hashable, Sendable {
    /// Number of points of lids, brow and surroundings.
    package static let outlineCount = 71
    /// Number of points of the iris.
    package static let irisCount = 5

    /// Which eye it is.
    package var eye: Eye
    /// Lids first, then surroundings and brow.
    ///
    /// Point 0 is the outer corner, 1 to 7 the lower lid, 8 the inner corner, 9 to 15 the upper lid, both lids from the
    /// outer to the inner corner. Shape `[71]`.
    package var outline: [SIMD2<Float>]
    /// The middle of the iris, then four points of its edge: two across, two up and down, each pair face to face.
    ///
    /// In the net's order middle, side, top, other side, bottom. Shape `[5]`.
    package var iris: [SIMD2<Float>]

    /// Creates the points of an eye.
    ///
    /// - Precondition: There are 71 and 5 points.
    package init(eye: Eye, outline: [SIMD2<Float>], iris: [SIMD2<Float>]) {
        precondition(outline.count == Self.outlineCount && iris.count == Self.irisCount, "an eye has 71 and 5 points")
        self.eye = eye
        self.outline = outline
        self.iris = iris
    }

    /// The corner away from the nose.
    var outerCorner: SIMD2<Float> { outline[0] }
    /// The corner at the nose.
    var innerCorner: SIMD2<Float> { outline[8] }
    /// Points of the lower lid between the corners, from the outer one.
    var lowerLid: ArraySlice<SIMD2<Float>> { outline[1...7] }
    /// Points of the upper lid between the corners, from the outer one.
    var upperLid: ArraySlice<SIMD2<Float>> { outline[9...15] }

    /// Diameter of the iris in pixels: the longer of its two axes, since turning away shortens only one.
    var irisDiameter: Float {
        let (across, upright) = (iris[1] - iris[3], iris[2] - iris[4])
        return max((across * across).sum(), (upright * upright).sum()).squareRoot()
    }
}
