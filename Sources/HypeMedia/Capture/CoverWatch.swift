package import HypeCore

/// Notices that a camera shows nothing: its cover is closed, or something lies on it.
package struct CoverWatch: Hashable, Sendable {
    /// Darker than this, on the scale of 0…255 with black at 16, a picture may be that of a covered camera.
    package static let darkest = 32.0
    /// With less difference from pixel to pixel than this there is nothing to see.
    package static let flattest = 6.0
    /// How long a camera must show nothing.
    package static let patience = Duration.seconds(2)

    private var darkSince: MediaTime?
    /// Whether the camera is covered.
    package private(set) var isCovered = false

    /// Creates a watch that has seen nothing.
    package init() {}

    /// Takes the brightness of a picture.
    ///
    /// - Parameters:
    ///   - mean: Mean brightness, 0…255.
    ///   - deviation: Standard deviation of the brightness.
    ///   - time: When the picture was taken.
    package mutating func observe(mean: Double, deviation: Double, at time: MediaTime) {
        guard mean < Self.darkest, deviation < Self.flattest else {
            darkSince = nil
            isCovered = false
            return
        }
        let since = darkSince ?? time
        darkSince = since
        if time - since >= Self.patience { isCovered = true }
    }
}
