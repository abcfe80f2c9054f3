import HypeCore

/// The blinks of the last while, and whether pictures come often enough to see blinks.
///
/// A pure value with room for ``capacity`` blinks.
struct BlinkLog: Hashable, Sendable {
    /// Most blinks that are kept; more than ten a second do not happen.
    private static let capacity = 512
    /// Longest mean time between pictures at which blinks are counted: 15 per second.
    private static let slowest = 1.0 / 14

    /// The blinks of the window, the oldest first.
    private(set) var blinks: [Blink] = []
    private var detector = BlinkDetector()
    private var lastTime: MediaTime?
    /// Running mean of the time between two pictures in seconds.
    private var step: Double?

    /// Takes in the next sample.
    ///
    /// - Parameters:
    ///   - openness: 0…1.5; nil where it is not known.
    ///   - time: Later than the one before.
    /// - Returns: The blink that ended with this sample, or nil.
    @discardableResult
    mutating func update(_ openness: Float?, at time: MediaTime) -> Blink? {
        if let lastTime, openness != nil {
            let passed = min(1, (time - lastTime).inSeconds)
            step = step.map { $0 + (passed - $0) * 0.05 } ?? passed
        }
        lastTime = openness == nil ? nil : time
        guard let blink = detector.update(openness, at: time) else { return nil }
        blinks.append(blink)
        if blinks.count > Self.capacity { blinks.removeFirst(blinks.count - Self.capacity) }
        return blink
    }

    /// Forgets blinks that began before the window.
    mutating func advance(to time: MediaTime, window: Duration) {
        blinks.removeAll { time - $0.onset > window }
    }

    /// Blinks per minute.
    ///
    /// - Parameter known: Time of the window in which the eyes could be judged.
    /// - Returns: The rate; nil where pictures come too seldom, or nothing is known.
    func rate(over known: Duration) -> Double? {
        guard let step, step <= Self.slowest, known > .zero else { return nil }
        return Double(blinks.count) * 60 / known.inSeconds
    }

    /// Mean length of the blinks in seconds; nil without any.
    var meanSeconds: Double? {
        blinks.isEmpty ? nil : blinks.reduce(0) { $0 + $1.seconds } / Double(blinks.count)
    }
}
