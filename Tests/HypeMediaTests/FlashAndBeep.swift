import Foundation

/// Times at which flashes and beeps begin in a file, as the `ffmpeg` program plays it.
///
/// Read without any code of ours, so that an error of our own cannot hide itself.
struct FlashAndBeep {
    /// Presentation times of all pictures that are shown, in seconds.
    var pictures: [Double]
    /// Presentation times of the first white picture of each flash, in seconds.
    var flashes: [Double]
    /// Times of the first loud sample of each beep, in seconds.
    var beeps: [Double]

    init(_ path: String) throws {
        // The time stamps are kept as they are, since `ffmpeg` would otherwise count from the first packet it uses.
        let lumaPath = TestMedia.scratch("luma.txt")
        let data = try TestMedia.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-copyts", "-i", path,
                "-map", "0:v", "-vf", "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=\(lumaPath)",
                "-f", "null", "-",
                "-map", "0:a:0", "-af", "aresample=48000:async=1:min_hard_comp=0.005:first_pts=0",
                "-ac", "1", "-f", "f32le", "-",
            ]
        )
        let luma = try Self.luma(String(contentsOfFile: lumaPath, encoding: .utf8))
        pictures = luma.map(\.time)
        flashes = Self.onsets(luma.map { (time: $0.time, isOn: $0.luma > 220) }, pause: 0.3)
        beeps = data.withUnsafeBytes { Self.loudOnsets($0.bindMemory(to: Float.self)) }
    }

    /// For each flash that has a beep within 0.4 s, how much later the beep begins, in seconds.
    var offsets: [Double] {
        flashes.compactMap { flash in
            beeps.map { $0 - flash }.filter { abs($0) < 0.4 }.min { abs($0) < abs($1) }
        }
    }

    private static func luma(_ text: String) -> [(time: Double, luma: Double)] {
        var pictures: [(Double, Double)] = []
        var time = 0.0
        for line in text.split(separator: "\n") {
            if let range = line.range(of: "pts_time:") {
                time = Double(line[range.upperBound...]) ?? 0
            } else if let range = line.range(of: "YAVG=") {
                pictures.append((time, Double(line[range.upperBound...]) ?? 0))
            }
        }
        return pictures
    }

    private static func onsets(_ points: [(time: Double, isOn: Bool)], pause: Double) -> [Double] {
        var onsets: [Double] = []
        var last = -Double.infinity
        for point in points where point.isOn {
            if point.time - last > pause { onsets.append(point.time) }
            last = point.time
        }
        return onsets
    }

    /// Times of the first loud samples after 0.3 s of quiet, at 48 kHz.
    private static func loudOnsets(_ samples: UnsafeBufferPointer<Float>) -> [Double] {
        var onsets: [Double] = []
        var last = -48_000
        var index = 0
        while index < samples.count {
            let sample = samples[index]
            if sample > 0.1 || sample < -0.1 {
                if index - last > 14_400 { onsets.append(Double(index) / 48_000) }
                last = index
            }
            index += 1
        }
        return onsets
    }
}
