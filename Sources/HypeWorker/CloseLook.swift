import HypeCore
import HypeMedia

/// Reads the pictures of segments in order, going on without seeking where one segment follows the other.
struct CloseLook {
    let footage: any Footage
    private let reader: FrameReader
    private let job: Job
    private var position: MediaTime?
    private var ahead: VideoFrame?

    /// How far a run of segments may reach; the next one is sought anew.
    private static let longestRun = Duration.seconds(3600)

    init(footage: any Footage, camera: PixelRegion?, job: Job) throws {
        self.footage = footage
        self.job = job
        reader = try footage.reader(Watching.settings(camera), interrupt: job.interrupt)
    }

    /// Packets that were damaged or refused by the decoder so far.
    var damagedPackets: Int { reader.damagedPackets }

    /// The pictures of a segment, which begins no earlier than the last one that was asked for ended.
    mutating func frames(of segment: MediaInterval) throws -> [VideoFrame] {
        if position != segment.start {
            let run = MediaInterval(start: segment.start, end: segment.start + Self.longestRun)
            try reader.start(footage.inFile(run))
            ahead = nil
        }
        position = segment.end
        var frames: [VideoFrame] = []
        while let frame = try ahead ?? reader.next().map(footage.rebased) {
            try job.checkCancellation()
            ahead = nil
            if frame.time >= segment.end {
                ahead = frame
                break
            }
            frames.append(frame)
            job.progress(to: frame.time)
        }
        return frames
    }
}
