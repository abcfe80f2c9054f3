package import HypeCore

/// Finds out when the samples of a sound device were taken, on the machine's clock, from when they arrive.
///
/// A device counts samples by a quartz of its own, which is some 10 to 300 millionths off, and its samples arrive in
/// bunches and late, never early. So of each second the arrival that is least late is kept, and a line is fitted through
/// those: its slope is the device's drift. The fit begins as one of least squares over everything so far and becomes
/// one that forgets (a g-h filter with growing memory, P. Zarchan and H. Musoff, Fundamentals of Kalman Filtering, 3.9),
/// so it follows a quartz that warms up. Only the monotonic clock is used, which steps of the wall clock do not touch.
///
/// Where a whole second is later than expected by ``jump``, samples were lost; where one run is earlier by as much, a
/// backlog shrinks: the line is moved, its slope is kept.
package struct DeviceClock: Sendable {
    /// Least distance from the line that is taken as lost samples.
    package static let jump = Duration.milliseconds(50)

    private static let window = 1_000_000_000.0
    private static let steadyGain = 0.1
    // Twice as steep is no quartz but a false sample rate, which nothing here can mend.
    private static let steepest = 2e-3
    private static let firstStep = 4.0

    private let nominal: Double
    private var latency = LatencyFilter()
    /// Lateness on the fitted line at `reference`, in ns, and its change in ns per ns.
    private var level: Double?
    private var slope = 0.0
    private var reference = 0.0
    private var step = Self.firstStep
    private var best: (device: Double, lateness: Double, latency: Duration?)?
    private var windowStart = 0.0

    /// Creates a clock.
    ///
    /// - Parameter rate: Samples per second that the device claims, above zero.
    package init(rate: Int) {
        nominal = 1e9 / Double(max(1, rate))
    }

    /// How fast the device's clock runs against the machine's, in millionths: above zero where samples come too soon.
    package var driftPPM: Double { -slope * 1e6 }

    /// How long the device's samples are under way, as far as it says so.
    package var delay: Duration { latency.latency }

    /// Takes the arrival of a run of samples.
    ///
    /// - Parameters:
    ///   - end: Number of samples that came, with this run.
    ///   - arrival: When the run arrived.
    ///   - age: How long before that its last sample was taken, as the device says; nil where it does not say.
    /// - Returns: Whether the line was moved because samples were lost.
    @discardableResult
    package mutating func observe(end: Int64, arrival: MediaTime, age: Duration?) -> Bool {
        let device = Double(end) * nominal
        let lateness = Double(arrival.nanoseconds) - device
        guard level != nil else {
            level = lateness
            reference = device
            windowStart = device
            return false
        }
        if let line = level.map({ $0 + slope * (device - reference) }),
            lateness < line - Double(Self.jump.nanoseconds)
        {
            // Nothing comes early: what was taken for the device's pace was a backlog, which is shrinking.
            level = lateness
            reference = device
            windowStart = device
            best = nil
            return true
        }
        if best.map({ lateness < $0.lateness }) ?? true { best = (device, lateness, age) }
        if step == Self.firstStep, let known = level, lateness < known {
            // Within the first second the least lateness so far is the best guess.
            level = lateness
        }
        guard device - windowStart >= Self.window, let point = best else { return false }
        windowStart = device
        best = nil
        // The delay counts only for the samples that the line goes through: in a bunch the others are older.
        if let age = point.latency { latency.observe(age, at: arrival) }
        return fit((point.device, point.lateness))
    }

    /// When a sample was taken.
    ///
    /// - Parameter position: Number of the sample since the device was opened; fractions lie between samples.
    /// - Returns: The time; nil before the first observation.
    package func time(of position: Double) -> MediaTime? {
        guard let level else { return nil }
        let device = position * nominal
        let time = device + level + slope * (device - reference) - latency.value
        return MediaTime(nanoseconds: Int64(time.rounded()))
    }

    private mutating func fit(_ point: (device: Double, lateness: Double)) -> Bool {
        let span = point.device - reference
        let expected = (level ?? point.lateness) + slope * span
        let error = point.lateness - expected
        reference = point.device
        guard abs(error) < Double(Self.jump.nanoseconds) else {
            level = point.lateness
            return true
        }
        let gain = max(Self.steadyGain, 2 * (2 * step - 1) / (step * (step + 1)))
        // The pair of gains that lets neither lag nor ring.
        let slopeGain = max(
            2 * (2 - Self.steadyGain) - 4 * (1 - Self.steadyGain).squareRoot(),
            6 / (step * (step + 1))
        )
        level = expected + gain * error
        if span > 0 { slope = min(Self.steepest, max(-Self.steepest, slope + slopeGain * error / span)) }
        step += 1
        return false
    }
}
