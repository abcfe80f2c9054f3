import Foundation
import NIOCore
import Testing

/// Media made by FFmpeg for a test, in a folder that goes away with it.
struct EncoderMedia: ~Copyable {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hype-encoder-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Four seconds of a test picture with B-frames and of a tone, as FLV; either may be left out.
    func flv(video: Bool = true, audio: Bool = true) async throws -> String {
        let path = folder.appendingPathComponent("\(video)-\(audio).flv").path
        var arguments: [String] = ["-nostdin", "-v", "error"]
        if video { arguments += ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30"] }
        if audio { arguments += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"] }
        if video {
            arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60", "-pix_fmt", "yuv420p"]
        }
        if audio { arguments += ["-c:a", "aac", "-b:a", "64k"] }
        _ = try await Child.run("ffmpeg", arguments + ["-t", "4", path])
        return path
    }

    /// Three seconds of a tone as an elementary stream.
    func sound(_ encoder: [String], container: String) async throws -> ByteBuffer {
        let path = folder.appendingPathComponent("sound").path
        let source = [
            "-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "3",
        ]
        _ = try await Child.run("ffmpeg", source + encoder + ["-f", container, path])
        return ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Two seconds of a test picture as an elementary stream.
    func elementary(_ encoder: [String], container: String) async throws -> ByteBuffer {
        let path = folder.appendingPathComponent("picture").path
        let source = ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25", "-t", "2"]
        _ = try await Child.run("ffmpeg", source + encoder + ["-f", container, path])
        return ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
