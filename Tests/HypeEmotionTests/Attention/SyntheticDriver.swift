import HypeCore
import HypeEmotion

/// A person as a course of measures, drawn as pictures at any frequency.
struct SyntheticDriver {
    /// Pictures per second.
    var rate = 25.0
    /// How far the eyes are open at a time in seconds, 0…1.
    var openness: (Double) -> Double = { _ in 1 }
    /// Mouth aspect ratio at a time.
    var mouth: (Double) -> Double = { _ in 0.05 }
    /// Degrees to the right at which the eyes look at a time.
    var look: (Double) -> Double = { _ in 0 }
    /// What is seen instead of the face at a time, or nil.
    var instead: (Double) -> AttentionReading.Sight? = { _ in nil }
    /// Aspect ratio of the fully open eyes, right and left.
    var open = (right: 0.25, left: 0.31)

    /// One reading.
    func reading(at seconds: Double) -> AttentionReading {
        let time = MediaTime(seconds: seconds)
        if let sight = instead(seconds) { return AttentionReading(time: time, sight: sight) }
        let closed = Double(EyeBaseline.closedRatio)
        let part = openness(seconds)
        let eye = { (open: Double) in Float(closed + (open - closed) * part) }
        let direction = Float(look(seconds))
        return AttentionReading(
            time: time,
            sight: .face(
                FaceMeasures(
                    box: FaceBox(x: 100, y: 80, width: 120, height: 150),
                    presence: 0.99,
                    pose: HeadPose(yaw: direction * 0.6, pitch: 0, roll: 0),
                    rightEye: eye(open.right),
                    leftEye: eye(open.left),
                    mouth: Float(mouth(seconds)),
                    gaze: part > 0.3 ? Gaze(yaw: direction, pitch: 2) : nil
                )
            )
        )
    }

    /// Feeds a tracker.
    ///
    /// - Parameters:
    ///   - tracker: The tracker.
    ///   - seconds: From when to when.
    /// - Returns: What it said, with what is wrong with the order of it left in.
    func run(_ tracker: inout AttentionTracker, _ seconds: Range<Double>) -> [AttentionAlert] {
        let first = Int((seconds.lowerBound * rate).rounded(.up))
        let last = Int((seconds.upperBound * rate).rounded(.up))
        return (first..<max(first, last)).flatMap { tracker.update(reading(at: Double($0) / rate)) }
    }

    /// Openness with blinks of 0.2 s at times: down in 80 ms, up in 120 ms.
    static func blinking(at times: [Double]) -> (Double) -> Double {
        { now in
            for time in times where now > time && now < time + 0.2 {
                let passed = now - time
                return passed < 0.08 ? 1 - passed / 0.08 : (passed - 0.08) / 0.12
            }
            return 1
        }
    }
}
