import Foundation
import HypeCore
import HypeMedia

/// Records a file as fast as it goes into ring and spool, then cuts clips that only the spool has, and takes over from a
/// worker that died.
enum LiveBenchmark {
    /// Times in milliseconds where nothing else is said.
    struct Result: Encodable {
        var packets: Int
        var megabytes: Double
        /// CPU seconds of recording and spooling per second of the stream.
        var cpuPerSecond: Double
        /// Bytes of the spool beyond those of the packets, as a part of them.
        var overhead: Double
        /// Finding out what a spool holds, whose last part was cut off.
        var survey: Double
        /// Refilling a ring of 60 s from it.
        var refill: Double
        /// From the trigger to the playable file, 15 s out of the spool.
        var clipMedian: Double
        var clipP99: Double
    }

    private static let clipCount = 100
    private static let preRoll = Duration.seconds(15)

    static func run(recording: String) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "live-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = try MediaFile(path: recording)
        let input = try RecordingInput(file)
        let spool = try Spool(Spool.Settings(folder: folder))
        // The ring is short, so that clips have to come out of the spool.
        let recorder = LiveRecorder(limits: ReplayRing.Limits(span: .seconds(2)))
        let writer = SpoolWriter(spool, tap: SpoolWriter.tap(on: recorder, limit: .max / 2))
        let stop = MediaInterrupt()
        let cpu = try cpuSeconds {
            try recorder.run(opening: { _, _ in input }, interrupt: MediaInterrupt())
            stop.cancel()
            writer.run(until: stop)
        }
        guard let interval = spool.index.epochs.first?.interval else { throw CocoaError(.fileReadUnknown) }
        let clips = try cut(LiveCutter(recorder: recorder, spool: spool), in: interval, folder: folder)
        if let last = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().last {
            truncate(folder + "/" + last, off_t(spool.index.parts.last.map { $0.bytes / 2 } ?? 0))
        }
        var reopened = spool
        let survey = try seconds { reopened = try Spool(spool.settings) }
        let refill = seconds {
            guard let tail = reopened.tail(span: .seconds(60), limit: 1 << 30) else { return }
            LiveRecorder(limits: ReplayRing.Limits(span: .seconds(60))).resume(tail.snapshot, epoch: tail.epoch)
        }
        return Result(
            packets: input.packets,
            megabytes: Double(input.bytes) / 1e6,
            cpuPerSecond: cpu / interval.duration.inSeconds,
            overhead: Double(spool.status.bytes) / Double(input.bytes) - 1,
            survey: survey * 1000,
            refill: refill * 1000,
            clipMedian: median(clips),
            clipP99: clips[Int((Double(clips.count) * 0.99).rounded(.up)) - 1]
        )
    }

    private static func cut(_ cutter: LiveCutter, in interval: MediaInterval, folder: String) throws -> [Double] {
        let writer = ClipWriter(settings: ClipWriter.Settings(isDurable: false))
        let room = interval.duration - preRoll - .seconds(5)
        var times: [Double] = []
        for number in 0..<clipCount {
            let place = room * (Double(number) * 0.618).truncatingRemainder(dividingBy: 1)
            let wish = MediaInterval(start: interval.start + place, end: interval.start + place + preRoll)
            let output = folder + "/clip-\(number).mp4"
            let time = try seconds { _ = try writer.write(cutter.snapshot(of: wish), interval: wish, to: output) }
            times.append(time * 1000)
            try FileManager.default.removeItem(atPath: output)
        }
        return times.sorted()
    }

    private static func cpuSeconds(_ work: () throws -> Void) rethrows -> Double {
        func spent() -> Double {
            var now = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
            return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
        }
        let begin = spent()
        try work()
        return spent() - begin
    }
}

/// A recording as a live source that never waits.
private final class RecordingInput: LiveInput {
    let streams: [StreamInfo]
    private(set) var packets = 0
    private(set) var bytes = 0
    private let source: MediaSource

    init(_ file: MediaFile) throws {
        source = try MediaSource(file, interrupt: MediaInterrupt())
        streams = [file.video, file.audio].compactMap { $0 }
    }

    func next() throws(MediaError) -> LivePacket? {
        guard let packet = try source.nextPacket() else { return nil }
        packets += 1
        bytes += packet.bytes.count
        return LivePacket(packet)
    }
}
