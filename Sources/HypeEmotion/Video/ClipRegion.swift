package import HypeCore

/// The part of a picture that a video model looks at when it follows a face.
package enum ClipRegion {
    /// Side of the square around a face, in sides of the face: head and some shoulder, the framing of the usual corpora of
    /// filmed emotions.
    package static let faceScale: Float = 2

    /// The square around a face.
    ///
    /// - Parameter face: Where the face is, in pixels of the picture.
    /// - Returns: Whole pixels; may reach over the picture's edge, where it is cut off.
    package static func around(_ face: FaceBox) -> PixelRegion { face.square(scaledBy: faceScale).region }
}
