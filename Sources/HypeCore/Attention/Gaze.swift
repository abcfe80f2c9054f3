/// Where somebody looks, relative to the camera.
package struct Gaze: Hashable, Sendable, Codable {
    /// Degrees to the right of the picture (the person's left), -90…90.
    package var yaw: Float
    /// Degrees upwards, -90…90.
    package var pitch: Float

    /// Creates a direction.
    package init(yaw: Float, pitch: Float) {
        self.yaw = yaw
        self.pitch = pitch
    }

    /// The direction of the face, for eyes that cannot be read.
    package init(of head: HeadPose) {
        self.init(yaw: head.yaw, pitch: head.pitch)
    }
}
