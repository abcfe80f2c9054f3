import Foundation
import HypeCore
import HypeMedia

/// Cuts 200 clips of 15 s out of a full replay ring, from the trigger to the named file.
enum ClipBenchmark {
    /// Milliseconds from trigger to playable file.
    struct Result: Encodable {
        var clips: Int
        var minimum: Double
        var median: Double
        var p99: Double
        var maximum: Double
        var megabytesPerClip: Double
    }

    private static let clipCount = 200
    private static let preRoll = Duration.seconds(15)
    /// Span of the ring, as a live session keeps it.
    private static let span = Duration.seconds(60)

    static func run(recording: String) throws -> Result {
        let file = try MediaFile(path: recording)
        let origin = file.info.interval.start
        // A tmpfs or the temporary folder: what is measured is the cutting, not the disk's queue.
        let folder = FileManager.default.temporaryDirectory.appending(path: "clips-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        var settings = ClipCutter.Settings()
        settings.writer.isDurable = false
        let cutter = ClipCutter(settings: settings)
        let ring = try cutter.fill(from: file, interval: MediaInterval(start: origin, end: origin + span))
        var times: [Double] = []
        var bytes = 0
        for number in 0..<clipCount {
            // Triggers at odd places, so that every distance to the key frame occurs.
            let trigger =
                origin + preRoll + (span - preRoll) * (Double(number) * 0.618).truncatingRemainder(dividingBy: 1)
            let output = folder.appending(path: "clip-\(number).mp4").path
            let clip = try cutter.cut(ring, interval: MediaInterval(start: trigger - preRoll, end: trigger), to: output)
            times.append(clip.elapsed.inSeconds * 1000)
            bytes += clip.byteCount
            try FileManager.default.removeItem(atPath: output)
        }
        times.sort()
        return Result(
            clips: times.count,
            minimum: times[0],
            median: median(times),
            p99: times[Int((Double(times.count) * 0.99).rounded(.up)) - 1],
            maximum: times[times.count - 1],
            megabytesPerClip: Double(bytes) / Double(times.count) / 1e6
        )
    }
}
