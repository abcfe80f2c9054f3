package import HypeCore

/// How a device fares: being opened, bringing frames, gone, tried again.
///
/// Pauses between attempts grow from ``shortestPause`` to ``longestPause`` and are spread at random, so that devices
/// which went away together do not come back all at one instant. No clock runs in here.
package struct DeviceLife: Sendable {
    /// What a device does.
    package enum State: Hashable, Sendable {
        /// It is being opened, or it is open and nothing came yet.
        case opening(since: MediaTime)
        /// It brings frames.
        case running(last: MediaTime)
        /// It failed and is tried again.
        case failed(CaptureFailure, retry: MediaTime)
    }

    /// How long a device may bring nothing.
    package static let patience = Duration.seconds(2)
    /// The first pause.
    package static let shortestPause = Duration.milliseconds(500)
    /// The longest pause.
    package static let longestPause = Duration.seconds(10)
    /// How long a device must have brought frames for the next pause to be the shortest again.
    package static let proven = Duration.seconds(30)

    /// What the device does.
    package private(set) var state: State
    /// How often it was opened again.
    package private(set) var retries = 0
    private var failures = 0
    private var firstFrame: MediaTime?
    private var random: SplitMix64

    /// Creates the life of a device that is being opened.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - seed: Of the pauses' spread.
    package init(now: MediaTime, seed: UInt64) {
        state = .opening(since: now)
        random = SplitMix64(seed: seed)
    }

    /// Takes the arrival of a frame.
    package mutating func brought(at now: MediaTime) {
        if firstFrame == nil { firstFrame = now }
        state = .running(last: now)
    }

    /// Takes a failure.
    ///
    /// - Returns: When to try again.
    package mutating func failed(_ failure: CaptureFailure, at now: MediaTime) -> MediaTime {
        if let firstFrame, now - firstFrame >= Self.proven { failures = 0 }
        firstFrame = nil
        let grown = failures >= 8 ? Self.longestPause : min(Self.longestPause, Self.shortestPause * (1 << failures))
        failures += 1
        let retry = now + grown * (0.8 + 0.4 * random.uniform())
        state = .failed(failure, retry: retry)
        return retry
    }

    /// Begins another attempt.
    package mutating func reopens(at now: MediaTime) {
        retries += 1
        state = .opening(since: now)
    }

    /// Whether the device has brought nothing for too long, though it did not fail.
    package func isStalled(at now: MediaTime) -> Bool {
        switch state {
        case .opening(let since): now - since > Self.patience
        case .running(let last): now - last > Self.patience
        case .failed: false
        }
    }
}
