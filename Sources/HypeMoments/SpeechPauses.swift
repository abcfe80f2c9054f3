package import HypeCore

/// The pauses between words.
struct SpeechPauses {
    private let pauses: [MediaInterval]

    /// Finds the pauses of a recording.
    ///
    /// - Parameters:
    ///   - speech: Where somebody speaks, in any order; empty where that is not known.
    ///   - recording: Where pauses are looked for.
    init(speech: [MediaInterval], within recording: MediaInterval) {
        pauses = speech.isEmpty ? [] : recording.subtracting(speech.merged())
    }

    /// The time nearest to a wish that lies in a pause, a breath away from speech where the pause is long enough.
    ///
    /// - Returns: Nil where no pause lies in the range.
    func nearest(to wish: MediaTime, in range: ClosedRange<MediaTime>, breath: Duration) -> MediaTime? {
        pauses.compactMap { pause -> MediaTime? in
            let margin = min(breath, pause.duration * 0.5)
            let low = max(range.lowerBound, pause.start + margin)
            let high = min(range.upperBound, pause.end - margin)
            return low <= high ? min(max(wish, low), high) : nil
        }.min { abs($0.nanoseconds - wish.nanoseconds) < abs($1.nanoseconds - wish.nanoseconds) }
    }
}

extension MediaInterval {
    /// The interval cut to a recording; an interval outside becomes empty at the nearer end.
    package func limited(to recording: MediaInterval) -> MediaInterval {
        let start = min(max(start, recording.start), recording.end)
        return MediaInterval(start: start, end: min(max(end, start), recording.end))
    }

    /// The interval cut to a recording and, where it is shorter than wanted, filled up at both ends, first before.
    package func filled(to shortest: Duration, within recording: MediaInterval) -> MediaInterval {
        var filled = limited(to: recording)
        if filled.duration < shortest {
            filled = MediaInterval(start: max(recording.start, filled.end - shortest), end: filled.end)
        }
        if filled.duration < shortest {
            filled = MediaInterval(start: filled.start, end: min(recording.end, filled.start + shortest))
        }
        return filled
    }
}
