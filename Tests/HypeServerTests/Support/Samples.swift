import Foundation
import HypeCore

/// Documents for tests.
enum Samples {
    static func clip(_ id: String, title: String = "A scream", created: Double = 1_700_000_000) -> Clip {
        let interval = MediaInterval(seconds: 10..<40)
        let plan = ClipPlan(
            interval: interval,
            core: MediaInterval(seconds: 20..<30),
            moments: [1],
            decision: .clip,
            score: 0.5,
            reason: "chat and voice agreed"
        )
        var clip = Clip(
            id: id,
            createdAt: Date(timeIntervalSince1970: created),
            interval: interval,
            plan: plan,
            trigger: Clip.Trigger(kinds: [.chat, .voice], score: 0.5, rule: .clip),
            signals: [],
            emotions: nil,
            title: title,
            hashtags: ["hype"],
            files: Clip.Files(
                video: Clip.File(path: "clip.mp4", bytes: 1000, sha256: String(repeating: "ab", count: 32))
            ),
            state: .saved
        )
        clip.sessionId = "session-1"
        return clip
    }

    /// A WAV file: a header and a little silence.
    static var sound: Data {
        var data = Data("RIFF".utf8)
        func number<Number: FixedWidthInteger>(_ value: Number) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        let silence = [UInt8](repeating: 0, count: 3200)
        number(UInt32(36 + silence.count))
        data += Data("WAVEfmt ".utf8)
        number(UInt32(16))
        number(UInt16(1))
        number(UInt16(1))
        number(UInt32(16000))
        number(UInt32(32000))
        number(UInt16(2))
        number(UInt16(16))
        data += Data("data".utf8)
        number(UInt32(silence.count))
        return data + silence
    }

    /// A form with one file.
    static func form(
        _ file: Data,
        name: String = "sound.wav",
        field: String = "file",
        boundary: String = "frontier"
    ) -> Data {
        Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\n\r\n".utf8)
            + file + Data("\r\n--\(boundary)--\r\n".utf8)
    }
}

extension Samples {
    /// An MP4 file with an empty picture track: enough to be known as a video.
    static var film: Data {
        func box(_ type: String, _ content: Data) -> Data {
            let size = UInt32(8 + content.count)
            return withUnsafeBytes(of: size.bigEndian) { Data($0) } + Data(type.utf8) + content
        }
        let handler = Data(count: 8) + Data("vide".utf8) + Data(count: 13)
        let film =
            box("mvhd", Data(count: 100))
            + box("trak", box("tkhd", Data(count: 84)) + box("mdia", box("hdlr", handler)))
        return box("ftyp", Data("isom".utf8) + Data(count: 4) + Data("isommp42".utf8)) + box("moov", film)
            + box("mdat", Data(count: 64))
    }
}
