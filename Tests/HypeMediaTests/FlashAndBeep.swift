import Foundation

/// Times at which flashes and beeps begin in a file, as the `ffmpeg` program plays it.
///
/// Read without any code of ours, so that an error of our own cannot hide itself.
struct FlashAndBeep {
    /// Presentation times of the first white picture of each flash, in seconds.
    var flashes: [Double]
    /// Times of the first loud sample of each beep, in seconds.
    var beeps: [Double]

    init(_ path: String) throws {
        flashes = try Self.onsets(
            Self.brightness(path).map { (time: $0.time, isOn: $0.luma > 220) },
            pause: 0.3
        )
        let samples = try Self.samples(path)
        beeps = Self.onsets(
            samples.enumerated().lazy.map { (time: Double($0.offset) / 48_000, isOn: abs($0.element) > 0.1) },
            pause: 0.3
        )
    }

    /// For each flash that has a beep within 0.4 s, how much later the beep begins, in seconds.
    var offsets: [Double] {
        flashes.compactMap { flash in
            beeps.map { $0 - flash }.filter { abs($0) < 0.4 }.min { abs($0) < abs($1) }
        }
    }

    /// Presentation time and mean luma of each picture that is shown.
    static func brightness(_ path: String) throws -> [(time: Double, luma: Double)] {
        let text = String(
            decoding: try TestMedia.run(
                "ffmpeg",
                [
                    "-v", "error", "-nostdin", "-i", path, "-map", "0:v", "-vf",
                    "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-",
                ]
            ),
            as: UTF8.self
        )
        var times: [(Double, Double)] = []
        var time = 0.0
        for line in text.split(separator: "\n") {
            if let range = line.range(of: "pts_time:") {
                time = Double(line[range.upperBound...]) ?? 0
            } else if let range = line.range(of: "YAVG=") {
                times.append((time, Double(line[range.upperBound...]) ?? 0))
            }
        }
        return times
    }

    /// Mono samples at 48 kHz; the first one lies at time zero.
    static func samples(_ path: String) throws -> [Float] {
        let data = try TestMedia.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-i", path, "-map", "0:a", "-af", "aresample=48000:async=1:first_pts=0",
                "-ac", "1", "-f", "f32le", "-",
            ]
        )
        return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private static func onsets(_ points: some Sequence<(time: Double, isOn: Bool)>, pause: Double) -> [Double] {
        var onsets: [Double] = []
        var last = -Double.infinity
        for point in points where point.isOn {
            if point.time - last > pause { onsets.append(point.time) }
            last = point.time
        }
        return onsets
    }
}
