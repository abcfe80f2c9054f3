import Foundation
import HypeChat
import HypeCore

/// Makes small recordings with a calm voice that becomes excited, and a chat that notices.
enum Stage {
    /// Length of the recording in seconds.
    static let length = 90.0
    /// When the voice is excited, in seconds.
    static let excitement = 50.0..<58.0

    /// A recording without camera: a test picture and speech.
    ///
    /// - Parameters:
    ///   - scratch: Where the files go.
    ///   - name: File name; its ending chooses the container.
    ///   - hasPicture: Whether there is a picture track.
    ///   - hasSound: Whether there is a sound track.
    /// - Returns: Path of the recording.
    /// - Throws: What a failing program throws.
    static func recording(
        _ scratch: Scratch,
        name: String = "stream.mp4",
        hasPicture: Bool = true,
        hasSound: Bool = true
    ) throws -> String {
        let calm = scratch.path("calm.wav")
        let excited = scratch.path("excited.wav")
        try Command.tool(
            "espeak-ng",
            [
                "-w", calm, "-p", "40", "-s", "140", "-a", "50",
                "so now we walk slowly through this quiet valley and look",
            ]
        )
        try Command.tool(
            "espeak-ng",
            ["-w", excited, "-p", "90", "-s", "230", "-a", "200", "oh my god no way! let's go! did you see that! wow!"]
        )
        let calmStarts = stride(from: 3.0, to: 48, by: 7).map { ($0, 0) } + [(64.0, 0), (72, 0), (80, 0)]
        let parts = calmStarts + [(excitement.lowerBound, 1), (excitement.lowerBound + 4, 1)]
        var filter = ""
        for (index, part) in parts.enumerated() {
            let delay = Int(part.0 * 1000)
            filter += "[\(part.1 + 1):a]aresample=48000,adelay=\(delay):all=1[v\(index)];"
        }
        filter += parts.indices.map { "[v\($0)]" }.joined()
        filter += "amix=inputs=\(parts.count):normalize=0:duration=longest,apad=whole_dur=\(Int(length))[a]"
        let path = scratch.path(name)
        let inputs = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-i", calm, "-i", excited]
        let picture = hasPicture ? ["-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50"] : []
        let sound = hasSound ? ["-filter_complex", filter, "-map", "[a]", "-c:a", "aac"] : []
        let output = ["-pix_fmt", "yuv420p", "-t", "\(Int(length))", "-y", path]
        try Command.tool("ffmpeg", ["-v", "error", "-nostdin"] + inputs + picture + sound + output)
        return path
    }

    /// A chat log that bursts when the voice is excited.
    static func chat(_ scratch: Scratch, format: ChatLogFormat = .twitchDownloader) throws -> String {
        let interval = MediaInterval(seconds: 0..<length)
        let settings = SyntheticChat.Settings(seed: 7, interval: interval)
        let burst = SyntheticChat.Event.hype(at: MediaTime(seconds: excitement.lowerBound), peak: 6)
        let messages = SyntheticChat(settings: settings, events: [burst]).messages()
        let path = scratch.path("chat.log")
        try Data(ChatLogWriter(format).write(messages)).write(to: URL(filePath: path))
        return path
    }
}
