import Foundation
import HypeCore
import HypeMedia
import Testing

struct DamagedMediaTests {
    /// Small recordings of many formats, one second each.
    private static let seeds: [(String, [String])] = [
        ("s.mp4", ["-c:v", "libx264", "-bf", "2", "-g", "10", "-c:a", "aac"]),
        ("s-fast.mp4", ["-c:v", "libx264", "-g", "10", "-c:a", "aac", "-movflags", "+faststart"]),
        ("s-frag.mp4", ["-c:v", "libx264", "-g", "10", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
        ("s.mkv", ["-c:v", "libx264", "-g", "10", "-c:a", "libmp3lame"]),
        ("s.ts", ["-c:v", "libx264", "-g", "10", "-c:a", "aac"]),
        ("s.flv", ["-c:v", "libx264", "-g", "10", "-c:a", "aac"]),
        ("s1.flv", ["-c:v", "flv1", "-c:a", "libmp3lame", "-ar", "22050"]),
        ("s.mpg", ["-c:v", "mpeg1video", "-c:a", "mp2"]),
        ("s.avi", ["-c:v", "mpeg4", "-c:a", "pcm_s16le"]),
        ("s.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"]),
        ("s.ogg", ["-vn", "-c:a", "libvorbis"]),
        ("s.mp3", ["-vn"]),
        ("s.wav", ["-vn"]),
    ]

    private static func seed(_ name: String, _ codecs: [String]) throws -> Data {
        let path = try TestMedia.recording(
            name,
            [
                "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1",
                "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=22050:duration=1",
            ] + codecs
        )
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func endsForAnyDamagedFile() throws {
        var random = SeededRandom(seed: 20_260)
        var opened = 0
        var refused = 0
        for (name, codecs) in Self.seeds {
            let whole = try Self.seed(name, codecs)
            for _ in 0..<24 {
                let path = TestMedia.scratch(name)
                try Self.damaged(whole, using: &random).write(to: URL(fileURLWithPath: path))
                do {
                    try Self.readEverything(path)
                    opened += 1
                } catch let error as MediaError {
                    #expect(!error.message.isEmpty)
                    refused += 1
                }
                try FileManager.default.removeItem(atPath: path)
            }
        }
        #expect(opened + refused == Self.seeds.count * 24)
        #expect(opened > 100)
    }

    private static func damaged(_ whole: Data, using random: inout SeededRandom) -> Data {
        var data = whole
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            data = data.prefix(Int.random(in: 1..<data.count, using: &random))
        case 1:
            for _ in 0..<Int.random(in: 1..<60, using: &random) {
                data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
        case 2:
            // Headers, where sizes and time stamps stand.
            for _ in 0..<Int.random(in: 1..<12, using: &random) {
                let place = Int.random(in: 0..<min(data.count, 2000), using: &random)
                data[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            }
        default:
            let from = Int.random(in: 0..<data.count, using: &random)
            let length = Int.random(in: 1..<max(2, data.count / 4), using: &random)
            data.removeSubrange(from..<min(data.count, from + length))
            if data.isEmpty { data = Data([0]) }
        }
        return data
    }

    private static func readEverything(_ path: String) throws {
        let file = try MediaFile(path: path)
        if file.video != nil {
            let reader = try FrameReader(file, settings: .init(longestSide: 32))
            for _ in 0..<200 where try reader.next() != nil {}
            try reader.start(MediaInterval(start: file.info.interval.midpoint, end: file.info.interval.end))
            for _ in 0..<200 where try reader.next() != nil {}
        }
        if file.audio != nil {
            let reader = try AudioReader(file)
            for _ in 0..<500 where try reader.next() != nil {}
        }
        let start = file.info.interval.start
        let output = path + ".clip.mp4"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let wish = MediaInterval(start: start + .seconds(0.3), end: start + .seconds(0.8))
        _ = try ClipCutter(settings: .init(writer: .init(isDurable: false))).cut(file, interval: wish, to: output)
    }
}
