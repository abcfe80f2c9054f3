/// A span of media time, from `start` up to but not including `end`.
package struct MediaInterval: Hashable, Sendable, Codable {
    /// First instant of the span.
    package var start: MediaTime
    /// First instant after the span; never before `start`.
    package var end: MediaTime

    /// Creates an interval; an `end` before `start` is moved to `start`.
    package init(start: MediaTime, end: MediaTime) {
        self.start = start
        self.end = max(start, end)
    }

    /// Creates an interval from seconds.
    package init(seconds range: Range<Double>) {
        self.init(start: MediaTime(seconds: range.lowerBound), end: MediaTime(seconds: range.upperBound))
    }

    /// Length of the span, at least zero.
    package var duration: Duration { end - start }

    /// Half-way between start and end.
    package var midpoint: MediaTime {
        MediaTime(nanoseconds: start.nanoseconds + (end.nanoseconds - start.nanoseconds) / 2)
    }

    /// Whether an instant lies in the span.
    package func contains(_ time: MediaTime) -> Bool { time >= start && time < end }

    /// Whether two spans share at least one instant, or touch.
    package func touches(_ other: MediaInterval) -> Bool { start <= other.end && other.start <= end }

    /// Whether two spans share more than a boundary.
    package func overlaps(_ other: MediaInterval) -> Bool { start < other.end && other.start < end }

    /// The smallest span that covers both.
    package func union(_ other: MediaInterval) -> MediaInterval {
        MediaInterval(start: min(start, other.start), end: max(end, other.end))
    }

    /// The span that both share, or nil where they do not overlap.
    package func intersection(_ other: MediaInterval) -> MediaInterval? {
        overlaps(other) ? MediaInterval(start: max(start, other.start), end: min(end, other.end)) : nil
    }

    /// The span widened on both sides.
    package func expanded(before: Duration, after: Duration) -> MediaInterval {
        MediaInterval(start: start - before, end: end + after)
    }

    /// The span moved along the time axis.
    package func shifted(by offset: Duration) -> MediaInterval {
        MediaInterval(start: start + offset, end: end + offset)
    }
}

extension Sequence<MediaInterval> {
    /// The same set of instants as sorted spans that neither overlap nor lie closer than `gap`.
    package func merged(closerThan gap: Duration = .zero) -> [MediaInterval] {
        sorted { $0.start < $1.start }.reduce(into: []) { merged, next in
            if let last = merged.last, next.start - last.end <= gap {
                merged[merged.count - 1] = last.union(next)
            } else {
                merged.append(next)
            }
        }
    }
}
