package import HypeCore

/// When the camera is looked for.
///
/// A pure decision: on the first seconds with a picture, again with growing pauses while there is none, and when the
/// face that was found is lost.
package struct CameraSchedule: Sendable {
    /// Picture that must be held before the first search.
    package static let firstSpan = Duration.seconds(6)
    /// Picture that must be held to know what the face is ordinarily like.
    package static let fullSpan = Duration.seconds(40)
    /// Least time between two searches.
    package static let shortestPause = Duration.seconds(20)
    /// Most time between two searches that found nothing.
    package static let longestPause = Duration.seconds(300)
    /// Segments in a row without a face after which it counts as lost.
    package static let missedSegments = 3

    private var lastSearch: MediaTime?
    private var pause = CameraSchedule.shortestPause
    private var hasFullSearch = false

    /// Creates a schedule that has searched nothing.
    package init() {}

    /// Whether to search now.
    ///
    /// - Parameters:
    ///   - held: The stretch of pictures in memory.
    ///   - isFound: Whether the camera's place is known.
    ///   - missed: Segments in a row that had light but no face.
    /// - Returns: Whether to search.
    package mutating func isDue(held: MediaInterval, isFound: Bool, missed: Int) -> Bool {
        guard held.duration >= Self.firstSpan else { return false }
        guard let last = lastSearch else { return true }
        let age = held.end - last
        guard age >= Self.shortestPause else { return false }
        if !hasFullSearch, held.duration >= Self.fullSpan { return true }
        if missed >= Self.missedSegments { return true }
        return !isFound && age >= pause
    }

    /// Takes note of a search.
    package mutating func searched(held: MediaInterval, isFound: Bool) {
        pause = isFound ? Self.shortestPause : min(Self.longestPause, lastSearch == nil ? pause : pause * 2)
        lastSearch = held.end
        if held.duration >= Self.fullSpan { hasFullSearch = true }
    }
}
