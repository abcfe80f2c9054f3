import HypeCore

/// Where somebody usually looks.
///
/// A pure value: the running median of both angles. Somebody who looks aside for more than half of the remembered time
/// moves it there.
struct GazeCenter: Hashable, Sendable {
    private var yaw: DecayingHistogram
    private var pitch: DecayingHistogram
    private let calibration: Duration

    /// Creates a centre that is not known.
    ///
    /// - Parameters:
    ///   - calibration: Time for which the gaze must have been seen before the centre is given out.
    ///   - halfLife: Time after which what was seen counts half.
    init(calibration: Duration, halfLife: Duration) {
        self.calibration = calibration
        yaw = DecayingHistogram(range: -90...90, bins: 180, halfLife: halfLife)
        pitch = yaw
    }

    /// Learns where the person looks.
    ///
    /// - Parameters:
    ///   - gaze: The direction.
    ///   - duration: How long it was so.
    mutating func learn(_ gaze: Gaze, for duration: Duration) {
        yaw.add(gaze.yaw, for: duration)
        pitch.add(gaze.pitch, for: duration)
    }

    /// The usual direction; nil until the gaze has been seen long enough.
    var center: Gaze? {
        guard
            yaw.learned >= calibration.inSeconds,
            let yaw = yaw.quantile(0.5), let pitch = pitch.quantile(0.5)
        else { return nil }
        return Gaze(yaw: yaw, pitch: pitch)
    }

    /// Degrees between a direction and the usual one, 0…180; nil until that is known.
    func angle(to gaze: Gaze) -> Double? { center.map { Double($0.angle(to: gaze)) } }
}
