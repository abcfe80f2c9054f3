import HypeCore

/// A signal that the rule still has to do with.
struct TrackedSignal: Sendable {
    /// Names a signal; stays the same while the signal grows.
    struct Key: Hashable, Sendable, Comparable {
        let kind: SignalKind
        let number: Int

        static func < (left: Key, right: Key) -> Bool { (left.kind, left.number) < (right.kind, right.number) }
    }

    /// What became of it.
    enum Fate: Hashable, Sendable {
        /// Waits for another to agree with.
        case free
        /// Speaks for a moment.
        case joined(moment: Int)
        /// Was written down as a near miss.
        case noted
    }

    let key: Key
    var signal: Signal
    var fate = Fate.free
    /// Whether it was reported as complete.
    var isReported = false

    var isPresent: Bool { signal.state == .present }
    var isFree: Bool { isPresent && fate == .free }
}
