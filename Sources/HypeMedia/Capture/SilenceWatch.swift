package import HypeCore

/// Notices that a microphone is muted, unplugged from its plug, or turned down to nothing.
///
/// A microphone that works brings the noise of its room, even where nobody speaks.
package struct SilenceWatch: Hashable, Sendable {
    /// Loudest sample that counts as silence: -72 dB of full scale, 8 steps of 16-bit samples.
    package static let loudest: Float = 0.00025
    /// How long it must be silent.
    package static let patience = Duration.seconds(4)

    private var silentSince: MediaTime?
    /// Whether there is nothing to hear.
    package private(set) var isSilent = false

    /// Creates a watch that has heard nothing.
    package init() {}

    /// Takes the loudest sample of a block.
    ///
    /// - Parameters:
    ///   - peak: Size of the loudest sample, 0…1.
    ///   - time: When the block was taken.
    package mutating func observe(peak: Float, at time: MediaTime) {
        guard peak <= Self.loudest else {
            silentSince = nil
            isSilent = false
            return
        }
        let since = silentSince ?? time
        silentSince = since
        if time - since >= Self.patience { isSilent = true }
    }
}
