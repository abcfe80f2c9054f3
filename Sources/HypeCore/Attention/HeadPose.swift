/// Where a head points, relative to the camera.
package struct HeadPose: Hashable, Sendable, Codable {
    /// Degrees to the right of the picture (the person's left), -90…90.
    package var yaw: Float
    /// Degrees upwards, -90…90.
    package var pitch: Float
    /// Degrees of leaning clockwise as seen in the picture, -180…180.
    package var roll: Float

    /// Creates a pose.
    package init(yaw: Float, pitch: Float, roll: Float) {
        self.yaw = yaw
        self.pitch = pitch
        self.roll = roll
    }
}
