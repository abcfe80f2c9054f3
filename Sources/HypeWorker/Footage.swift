import HypeCore
import HypeMedia

/// Pictures with a clock: a recording, or what is held of a live stream.
protocol Footage: Sendable {
    /// Opens a reader, which speaks in the footage's own clock.
    func reader(_ settings: FrameReader.Settings, interrupt: MediaInterrupt) throws -> FrameReader

    /// A stretch on the footage's own clock.
    func inFile(_ interval: MediaInterval) -> MediaInterval

    /// A frame of the footage on the session's clock.
    func rebased(_ frame: VideoFrame) -> VideoFrame
}
