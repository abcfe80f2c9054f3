import HypeCore
import HypeMedia

/// The pictures of a live stream that are held in memory.
struct LiveFootage: Footage {
    let snapshot: ReplaySnapshot

    func reader(_ settings: FrameReader.Settings, interrupt: MediaInterrupt) throws -> FrameReader {
        try FrameReader(snapshot, settings: settings, interrupt: interrupt)
    }

    func inFile(_ interval: MediaInterval) -> MediaInterval { interval }

    func rebased(_ frame: VideoFrame) -> VideoFrame { frame }
}
