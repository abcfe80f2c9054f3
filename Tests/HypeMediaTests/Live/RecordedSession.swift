import Foundation
import HypeCore
import HypeMedia

/// A recorder with a spool, filled from a relay in one go.
struct RecordedSession {
    let recorder: LiveRecorder
    let spool: Spool
    let folder: String

    var cutter: LiveCutter { LiveCutter(recorder: recorder, spool: spool) }

    /// Records a file of FLV or Matroska that the relay sends.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - ring: Media time that the ring holds.
    ///   - folder: The spool's folder; nil for a new one.
    /// - Throws: What the relay and the recorder throw.
    init(_ path: String, ring: Duration, folder: String? = nil) throws {
        let relay = try RelayDouble([Data(contentsOf: URL(filePath: path))])
        defer { relay.close() }
        let socket = relay.path
        try self.init(ring: ring, folder: folder) { front, interrupt throws(MediaError) in
            OnceInput(
                try LiveDemuxer(
                    .relay(socket: socket),
                    clock: SessionClock(origin: SessionClock.monotonic),
                    after: front,
                    interrupt: interrupt
                )
            )
        }
    }

    /// Records an input until it ends.
    ///
    /// - Throws: What the input throws.
    init(
        ring: Duration,
        folder: String? = nil,
        opening open: (MediaTime?, MediaInterrupt) throws(MediaError) -> any LiveInput
    ) throws {
        self.folder = folder ?? TestMedia.scratch("spool")
        spool = try Spool(Spool.Settings(folder: self.folder))
        recorder = LiveRecorder(limits: ReplayRing.Limits(span: ring))
        if let tail = spool.tail(span: ring, limit: 1 << 30) { recorder.resume(tail.snapshot, epoch: tail.epoch) }
        let tap = SpoolWriter.tap(on: recorder)
        try recorder.run(opening: open, interrupt: MediaInterrupt())
        // A writer that is told to stop at once writes what waits.
        let stop = MediaInterrupt()
        stop.cancel()
        SpoolWriter(spool, tap: tap).run(until: stop)
    }

    /// Writes a clip and reads it back with the `ffmpeg` program.
    func clip(_ seconds: Range<Double>) throws -> (clip: CutClip, played: FlashAndBeep) {
        let interval = MediaInterval(seconds: seconds)
        let path = TestMedia.scratch("clip.mp4")
        let clip = try ClipWriter().write(cutter.snapshot(of: interval), interval: interval, to: path)
        return (clip, try FlashAndBeep(path))
    }

    /// The files of the spool, oldest first.
    var parts: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 } }
    }
}
