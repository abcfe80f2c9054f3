import Foundation
import HypeCore
import HypeMedia
import Synchronization

/// Recordings that are made once per run by the `ffmpeg` program and kept in a temporary folder.
enum TestMedia {
    /// A folder for this run.
    static let folder: String = {
        let path = NSTemporaryDirectory() + "hypemedia-tests-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: TestMedia.folder) }
        return path
    }()

    private static let made = Mutex<[String: [String]]>([:])

    /// A path for a file that a test writes, different at each call.
    static func scratch(_ name: String) -> String {
        "\(folder)/\(UUID().uuidString)-\(name)"
    }

    /// Makes a recording with `ffmpeg` unless it is there.
    ///
    /// - Parameters:
    ///   - name: File name, unique for the arguments.
    ///   - arguments: Everything between `ffmpeg` and the output path.
    /// - Returns: The recording's path.
    /// - Throws: ``ProgramFailure`` where `ffmpeg` fails.
    static func recording(_ name: String, _ arguments: [String]) throws -> String {
        let path = "\(folder)/\(name)"
        try made.withLock { made in
            if let earlier = made[name] {
                precondition(earlier == arguments, "two recordings are named \(name)")
                return
            }
            _ = try run("ffmpeg", ["-v", "error", "-nostdin", "-y"] + arguments + [path])
            made[name] = arguments
        }
        return path
    }

    /// Eight seconds in which the picture flashes white for 90 ms and a beep sounds for 50 ms at each whole second.
    ///
    /// - Parameters:
    ///   - container: File name extension.
    ///   - bFrames: Number of B-frames between others.
    /// - Returns: The recording's path.
    /// - Throws: ``ProgramFailure`` where `ffmpeg` fails.
    static func flashAndBeep(_ container: String, bFrames: Int) throws -> String {
        let master = try recording(
            "flash-b\(bFrames).mp4",
            [
                "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=8",
                "-f", "lavfi", "-i", "aevalsrc=exprs=\(beep):s=48000:d=8",
                "-vf", "drawbox=c=white:t=fill:enable='lt(mod(t\\,1)\\,0.09)'",
                "-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-bf", "\(bFrames)",
                "-c:a", "aac", "-b:a", "96k",
            ]
        )
        if container == "mp4" { return master }
        if let codecs = converted[container] {
            return try recording("flash-b\(bFrames).\(container)", ["-i", master] + codecs)
        }
        return try recording("flash-b\(bFrames).\(container)", ["-i", master, "-c", "copy"])
    }

    /// Codecs that MP4 players do not know, by container.
    static let converted = [
        "mpg": ["-c:v", "mpeg1video", "-b:v", "2M", "-c:a", "mp2"],
        "avi": ["-c:v", "mpeg4", "-bf", "2", "-b:v", "2M", "-c:a", "pcm_s16le"],
        "webm": ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libvorbis"],
        "mov": ["-c:v", "mjpeg", "-q:v", "4", "-c:a", "pcm_s16le"],
    ]

    static let beep = "'if(lt(mod(t\\,1)\\,0.05)\\,0.8*sin(2*PI*1000*t)\\,0)'"

    /// Runs a program and returns its standard output.
    static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        let errors = FileHandle(forWritingAtPath: "/dev/null")
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(program: program, arguments: arguments, status: process.terminationStatus)
        }
        return data
    }

    struct ProgramFailure: Error {
        var program: String
        var arguments: [String]
        var status: Int32
    }
}

extension TestMedia {
    /// The folder of real recordings beside the repository, or nil.
    static let shared: String? = {
        let named = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"]
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = repository.deletingLastPathComponent().appendingPathComponent("shared").path
        return [named ?? beside, beside].first { FileManager.default.fileExists(atPath: $0 + "/data/video") }
    }()

    /// Real recordings in a folder of the shared data.
    static func real(_ folder: String) -> [String] {
        guard let shared else { return [] }
        let path = "\(shared)/data/video/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().filter { !$0.hasSuffix(".csv") }.map { "\(path)/\($0)" }
    }
}

extension FrameReader {
    /// All frames that are left.
    func rest() throws -> [VideoFrame] {
        var frames: [VideoFrame] = []
        while let frame = try next() { frames.append(frame) }
        return frames
    }
}

extension AudioReader {
    /// All blocks that are left.
    func rest() throws -> [AudioBlock] {
        var blocks: [AudioBlock] = []
        while let block = try next() { blocks.append(block) }
        return blocks
    }
}
