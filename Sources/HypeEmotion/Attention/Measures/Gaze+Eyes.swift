import Foundation
package import HypeCore

extension Gaze {
    /// The direction in which the eyes look together; nil without an eye whose iris has a size.
    ///
    /// An eyeball of 12 mm radius is thought behind the middle between its corners; its iris, 11.7 mm wide in nearly
    /// everybody (the visible iris of adults measures 11.7 ± 0.5 mm, as the authors of the iris net assume), gives the
    /// scale, and its shift against the eyeball's centre the direction. As the eyeball turns with the head, this is the
    /// direction of head and eyes together. One pixel at an eye of 30 pixels is about 5°. The vertical zero is not known
    /// from the picture: it depends on the eye's shape and on where the camera stands, which is why limits are measured
    /// from what is usual for the person.
    ///
    /// - Parameters:
    ///   - eyes: One or both eyes, in pixels of the picture.
    ///   - forward: The direction of the face, from ``HeadRotation/forward``.
    init?(of eyes: [EyePoints], forward: SIMD3<Float>) {
        var sum = SIMD3<Float>.zero
        for eye in eyes {
            let diameter = eye.irisDiameter
            guard diameter > 1e-3 else { continue }
            let scale = Self.irisDiameter / diameter
            let shift = (eye.iris[0] - (eye.outerCorner + eye.innerCorner) / 2) * scale
            // Pixels count downwards. The centre of the eyeball lies behind the corners.
            var direction = SIMD2(shift.x, -shift.y) + SIMD2(forward.x, forward.y) * Self.depth
            direction /= Self.irisDepth
            let length = (direction * direction).sum().squareRoot()
            if length > Self.mostSine { direction *= Self.mostSine / length }
            sum += SIMD3(direction, (1 - (direction * direction).sum()).squareRoot())
        }
        guard sum.z > 0 else { return nil }
        self.init(yaw: atan2(sum.x, sum.z).degrees, pitch: (sum.y / (sum * sum).sum().squareRoot()).arcSine.degrees)
    }

    /// The angle to another direction in degrees, 0…180.
    package func angle(to other: Gaze) -> Float {
        let product = (vector * other.vector).sum()
        return acos(min(1, max(-1, product))).degrees
    }

    private var vector: SIMD3<Float> {
        let (yaw, pitch) = (yaw.radians, pitch.radians)
        return SIMD3(sin(yaw) * cos(pitch), sin(pitch), cos(yaw) * cos(pitch))
    }

    /// Width of the visible iris in millimetres.
    private static let irisDiameter: Float = 11.7
    /// Distance from the eyeball's centre to the plane of the iris in millimetres: a ball of 12 mm radius less the cap
    /// that an edge of 5.85 mm cuts off.
    private static let irisDepth: Float = 10.5
    /// How far the eyeball's centre lies behind the line between the corners, in millimetres; an assumption.
    private static let depth: Float = 4
    /// Sine of the greatest angle that is given out: 80°.
    private static let mostSine: Float = 0.985
}

extension Float {
    fileprivate var arcSine: Float { asin(min(1, max(-1, self))) }
}
