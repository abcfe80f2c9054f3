/// How far eyes and mouth are open, as ratios that do not depend on the size of the face.
enum FaceRatios {
    /// Eye aspect ratio (EAR): the gap between the lids over the distance of the corners.
    ///
    /// Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks", 2016, with five pairs of lid points
    /// instead of two, since the iris net gives seven. Turning the head away shortens the eye's width and nodding its
    /// height; both are undone to first order. On 13 people (2026-11-21) open eyes had 0.23 to 0.35, closed ones 0.04 to
    /// 0.10; Face Mesh's own lids went no lower than 0.14.
    ///
    /// - Parameters:
    ///   - eye: The eye.
    ///   - forward: The direction of the face, from ``HeadRotation/forward``.
    /// - Returns: 0 to about 0.5; nil where the corners fall together.
    static func eye(_ eye: EyePoints, forward: SIMD3<Float>) -> Float? {
        let span = eye.outerCorner - eye.innerCorner
        let width = (span * span).sum().squareRoot()
        guard width > 1e-3 else { return nil }
        let pairs = zip(eye.lowerLid.dropFirst().dropLast(), eye.upperLid.dropFirst().dropLast())
        let gaps = pairs.map { lower, upper in
            let gap = lower - upper
            return (gap * gap).sum().squareRoot()
        }
        let height = gaps.reduce(0, +) / Float(gaps.count)
        let turn = (1 - forward.x * forward.x).squareRoot()
        let nod = (1 - forward.y * forward.y).squareRoot()
        return height / width * max(turn, least) / max(nod, least)
    }

    /// Mouth aspect ratio (MAR): the gap between the inner lips over the distance of their corners.
    ///
    /// Nodding and turning are undone as for the eyes. On 13 people (2026-11-21) a mouth that speaks reached 0.64 for
    /// parts of a second.
    ///
    /// - Parameters:
    ///   - mesh: The face.
    ///   - forward: The direction of the face.
    /// - Returns: 0 to about 1.5; nil where the corners fall together.
    static func mouth(_ mesh: FaceMesh, forward: SIMD3<Float>) -> Float? {
        let (span, gap) = (mesh[78] - mesh[308], mesh[13] - mesh[14])
        let width = (span * span).sum().squareRoot()
        guard width > 1e-3 else { return nil }
        let turn = (1 - forward.x * forward.x).squareRoot()
        let nod = (1 - forward.y * forward.y).squareRoot()
        return (gap * gap).sum().squareRoot() / width * max(turn, least) / max(nod, least)
    }

    /// Least foreshortening that is undone: beyond 60° the ratios are not to be trusted anyway.
    private static let least: Float = 0.5
}
