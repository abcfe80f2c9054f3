import Foundation
package import HypeCore

extension HeadPose {
    /// The pose of a face.
    ///
    /// The rotation and scale that bring the mean face onto the points with the least weighted squares, in closed form by
    /// quaternions (Horn, "Closed-form solution of absolute orientation using unit quaternions", 1987). The camera is taken
    /// as far away: perspective makes a near face that is not in the middle of the picture look turned towards the edge,
    /// by up to the angle under which the camera sees it.
    ///
    /// - Parameter mesh: The face.
    package init(of mesh: FaceMesh) {
        self.init(rotation: HeadRotation(of: mesh))
    }

    init(rotation: HeadRotation) {
        let forward = rotation.forward
        let yaw = atan2(forward.x, forward.z)
        let pitch = asin(min(1, max(-1, forward.y)))
        // What is left of the rotation when yaw and pitch are undone turns about the line of sight.
        let right = SIMD3(cos(yaw), 0, -sin(yaw))
        let up = SIMD3(-sin(yaw) * sin(pitch), cos(pitch), -cos(yaw) * sin(pitch))
        let across = rotation.apply(SIMD3(1, 0, 0))
        let roll = -atan2((across * up).sum(), (across * right).sum())
        self.init(yaw: yaw.degrees, pitch: pitch.degrees, roll: roll.degrees)
    }
}

extension Float {
    /// An angle in radians as degrees.
    var degrees: Float { self * 180 / .pi }
    /// An angle in degrees as radians.
    var radians: Float { self * .pi / 180 }
}
