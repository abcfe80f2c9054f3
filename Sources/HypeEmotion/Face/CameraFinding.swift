package import HypeCore

/// Where the streamer's face was found in full pictures of a recording.
package struct CameraFinding: Hashable, Sendable, Codable {
    /// What to decode for the face analysis, in pixels of the upright source picture; nil where no face was found.
    ///
    /// Square where the picture allows it, with room for the head to move; even position and size.
    package let region: PixelRegion?
    /// Where the face usually is; nil where none was found.
    package let face: PixelRegion?
    /// How sure it is that this is the camera, 0…1.
    package let confidence: Double
    /// Pictures in which the face was found there.
    package let found: Int
    /// Pictures that were looked at.
    package let looked: Int
    /// What was found, in a sentence for a person.
    package let summary: String
}
