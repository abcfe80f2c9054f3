import Foundation

/// A recording to be played as a live stream, in a folder of its own.
struct LiveMedia {
    /// The folder.
    let folder: String
    /// Eight seconds of H.264 and AAC.
    let recording: String

    /// The portrait of the demonstration, where it was fetched and the face models too.
    static let portrait: String? = {
        let path = repository + "/.deps/demo/astronaut.png"
        let isThere = FileManager.default.fileExists(atPath: path)
        return isThere && FileManager.default.fileExists(atPath: repository + "/.deps/models") ? path : nil
    }()

    /// The repository that the tests belong to.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    init(portrait: Bool = false, seconds: Int = 8) throws {
        folder = NSTemporaryDirectory() + "liveworker-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        recording = folder + "/stream.mp4"
        // The camera of the demonstration nods, as a living head does.
        let picture =
            portrait
            ? [
                "-loop", "1", "-t", "\(seconds)", "-i", Self.portrait ?? "", "-vf",
                "crop=360:360:'60+8*sin(3*t)':'20+6*cos(2*t)',noise=alls=6:allf=t,fps=30,format=yuv420p",
            ]
            : ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=\(seconds)", "-vf", "format=yuv420p"]
        let sound = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=\(seconds)"]
        let inputs = portrait ? Array(picture.prefix(6)) : Array(picture.prefix(4))
        let filters = portrait ? Array(picture.dropFirst(6)) : Array(picture.dropFirst(4))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-nostdin"] + inputs + sound + filters
            + ["-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-c:a", "aac", "-shortest", recording]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
