import Foundation

/// Films and sounds for predictions, in a folder of their own.
struct PredictMedia {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "predict-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes a file with ffmpeg, unless it is there.
    func make(_ name: String, _ arguments: [String]) throws -> String {
        let path = folder + "/" + name
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        try run("ffmpeg", ["-v", "error", "-nostdin"] + arguments + [path])
        return path
    }

    /// A tone of two seconds.
    func tone() throws -> String { try make("tone.wav", ["-f", "lavfi", "-i", "sine=d=2"]) }

    /// Five seconds of the demonstration's portrait, nodding, with a synthetic voice.
    func film() throws -> String {
        let voice = folder + "/voice.wav"
        if !FileManager.default.fileExists(atPath: voice) {
            try run("espeak-ng", ["-w", voice, "did you see that, this is the very best day of them all"])
        }
        return try make(
            "film.mp4",
            [
                "-loop", "1", "-t", "5", "-i", LiveMedia.portrait ?? "", "-i", voice, "-vf",
                "crop=360:360:'60+8*sin(3*t)':'20+6*cos(2*t)',noise=alls=6:allf=t,fps=30,format=yuv420p",
                "-af", "apad", "-t", "5", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac",
            ]
        )
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
