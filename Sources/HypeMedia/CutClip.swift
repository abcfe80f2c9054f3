package import HypeCore

/// A clip that was written.
package struct CutClip: Hashable, Sendable {
    /// Where the file is.
    package let path: String
    /// What it shows, on the recording's media clock; begins with the picture shown at the wanted start.
    package let interval: MediaInterval
    /// How long it plays; shorter than ``interval`` where a leap in the time stamps was closed.
    package let duration: Duration
    /// Size of the file.
    package let byteCount: Int
    /// Whether some of its packets were damaged in the recording.
    package let isDamaged: Bool
    /// Tracks that were converted because MP4 players do not know their codecs; the others are exact copies.
    package let converted: Set<StreamInfo.Kind>
    /// How long it took from the call to the named file.
    package let elapsed: Duration
}
