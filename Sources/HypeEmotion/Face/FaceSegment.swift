package import HypeCore

/// What one stretch of the camera picture showed.
package struct FaceSegment: Hashable, Sendable {
    /// Whether a face was there to be read.
    package enum Visibility: Hashable, Sendable {
        /// A face was read in this part of the looked-at pictures, above 0 up to 1.
        case seen(fraction: Double)
        /// Pictures with something in them, but no face: the person left, turned away, or the camera moved elsewhere.
        case noFace
        /// Only dark pictures: covered lens or no light.
        case dark
        /// Only pictures of one flat colour: a shutter or a place-holder.
        case flat
        /// No picture at all in this stretch.
        case noPicture
    }

    /// The stretch that was looked at.
    package let interval: MediaInterval
    /// One observation of kind `face` per cell of the grid, in order, without gaps.
    package let observations: [Observation]
    /// Whether a face was there to be read.
    package let visibility: Visibility

    /// Whether it is worth searching the full picture for the face: there is light, but no face where it should be.
    package var needsSearch: Bool { visibility == .noFace }
}
