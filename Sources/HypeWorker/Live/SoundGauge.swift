package import HypeCore

/// What the sound of a live stream is like now.
package struct SoundGauge: Hashable, Sendable {
    /// Until when sound was heard.
    package var heardUntil: MediaTime?
    /// Since when nothing but silence was heard.
    package var silentSince: MediaTime?
    /// Why nobody listens, or nil.
    package var reason: String?

    /// Creates a gauge that has heard nothing.
    package init() {}
}
