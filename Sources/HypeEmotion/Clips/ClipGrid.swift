package import HypeCore

/// The clips that a recording is answered in: two seconds each, from its first instant on.
///
/// The last clip is what is left over; a rest that is too short to show anything belongs to the clip before it.
package struct ClipGrid: Hashable, Sendable {
    /// Length of a clip.
    package static let length = Duration.seconds(2)
    /// Shortest rest that is a clip of its own.
    package static let shortestRest = Duration.milliseconds(250)

    /// Length of the recording.
    package let duration: Duration
    /// Number of clips, at least 1.
    package let count: Int

    /// Divides a recording.
    ///
    /// - Parameter duration: Its length; a recording without length is one clip.
    package init(duration: Duration) {
        self.duration = max(.zero, duration)
        let (whole, rest) = self.duration.nanoseconds.quotientAndRemainder(dividingBy: Self.length.nanoseconds)
        count = max(1, Int(clamping: whole) + (rest >= Self.shortestRest.nanoseconds ? 1 : 0))
    }

    /// The stretch of a clip; the last one reaches to the end of the recording.
    package func interval(of clip: Int) -> MediaInterval {
        let start = MediaTime.zero + .nanoseconds(Int64(clip) * Self.length.nanoseconds)
        return MediaInterval(
            start: start,
            end: clip == count - 1 ? max(start, MediaTime.zero + duration) : start + Self.length
        )
    }

    /// Number of the clip that holds an instant; before the first and after the last clip, those.
    package func clip(at time: MediaTime) -> Int {
        min(count - 1, max(0, Int(clamping: time.nanoseconds / Self.length.nanoseconds)))
    }

    /// Numbers of the clips that share an instant with a stretch.
    package func clips(in interval: MediaInterval) -> ClosedRange<Int> {
        let first = clip(at: interval.start)
        return first...max(first, clip(at: max(interval.start, interval.end - .nanoseconds(1))))
    }
}
