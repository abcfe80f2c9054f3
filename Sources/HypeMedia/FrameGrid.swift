package import HypeCore

/// Chooses frames by a fixed grid on the media clock, so that the choice does not depend on where decoding began.
///
/// For each point of the grid the first decoded frame at or after it is chosen. A frame that serves several points is
/// chosen once.
package struct FrameGrid: Hashable, Sendable {
    /// Distance of the grid's points, above zero; they lie at its multiples.
    package let step: Duration
    private var previous: MediaTime?

    /// Creates a grid that has seen no frame.
    package init(step: Duration) {
        self.step = max(.nanoseconds(1), step)
    }

    /// Whether a frame came before, so that the next choice is certain.
    package var hasPredecessor: Bool { previous != nil }

    /// Takes the next decoded frame in presentation order.
    ///
    /// - Returns: Whether a point of the grid lies after the frame before it and not after this one.
    package mutating func chooses(_ time: MediaTime) -> Bool {
        defer { previous = time }
        guard let previous else { return true }
        return cell(time) > cell(previous)
    }

    /// Forgets the frames, for decoding elsewhere.
    package mutating func reset() { previous = nil }

    private func cell(_ time: MediaTime) -> Int64 {
        let step = step.nanoseconds
        let quotient = time.nanoseconds / step
        return time.nanoseconds % step < 0 ? quotient - 1 : quotient
    }
}
