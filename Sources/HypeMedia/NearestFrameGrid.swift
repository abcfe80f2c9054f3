package import HypeCore

/// Chooses for each point of a fixed grid the frame whose presentation time is nearest.
///
/// The grid's points lie at `origin + k · step`, k = 0, 1, 2 …. Which points a frame serves is known when the next frame
/// comes: those up to half-way between the two, the middle included. A frame that stays on screen for long serves many
/// points; where frames come faster than the grid, some serve none.
package struct NearestFrameGrid: Hashable, Sendable {
    /// Point zero of the grid.
    package let origin: MediaTime
    /// Distance of the grid's points, above zero.
    package let step: Duration
    private var held: MediaTime?
    private var next: Int64 = 0
    private var hasServed = false

    /// Creates a grid that has seen no frame.
    package init(origin: MediaTime, step: Duration) {
        self.origin = origin
        self.step = max(.nanoseconds(1), step)
    }

    /// Takes the next frame in presentation order; one that is not later than the frame before it is passed over.
    ///
    /// - Parameter time: Its presentation time.
    /// - Returns: Numbers of the points that the frame before it serves, perhaps none; nil where this frame is passed over.
    package mutating func push(_ time: MediaTime) -> Range<Int64>? {
        guard let before = held else {
            held = time
            // Points before the first frame show nothing, but for the half step in which it is the nearest.
            next = max(0, firstPoint(notBefore: time - step / 2))
            return next..<next
        }
        guard time > before else { return nil }
        held = time
        return serve(below: firstPoint(after: MediaInterval(start: before, end: time).midpoint))
    }

    /// Ends the grid.
    ///
    /// - Parameter end: Until when the last frame is on screen.
    /// - Returns: Numbers of the points that the last frame serves.
    package mutating func finish(at end: MediaTime) -> Range<Int64> {
        guard let last = held else { return next..<next }
        held = nil
        // Something is shown, however early the file says that it ends: at least the point that is nearest.
        let least = hasServed ? next : firstPoint(after: last + step / 2 - .nanoseconds(1))
        return serve(below: max(firstPoint(notBefore: end), least))
    }

    /// The instant of a point.
    package func time(of point: Int64) -> MediaTime { origin + .nanoseconds(point &* step.nanoseconds) }

    private mutating func serve(below limit: Int64) -> Range<Int64> {
        let first = next
        next = max(next, limit)
        hasServed = hasServed || next > first
        return first..<next
    }

    private func firstPoint(notBefore time: MediaTime) -> Int64 {
        let span = (time - origin).nanoseconds
        let (quotient, remainder) = span.quotientAndRemainder(dividingBy: step.nanoseconds)
        return remainder > 0 ? quotient + 1 : quotient
    }

    private func firstPoint(after time: MediaTime) -> Int64 { firstPoint(notBefore: time + .nanoseconds(1)) }
}
