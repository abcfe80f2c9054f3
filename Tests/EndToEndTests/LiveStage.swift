import Foundation
import Testing

/// Plays a recording at real speed: an encoder that sends it by RTMP, and a stand-in for Twitch that tells its chat.
final class LiveStage {
    private var children: [Process] = []
    private var inputs: [Pipe] = []

    deinit {
        for child in children where child.isRunning { kill(child.processIdentifier, SIGKILL) }
    }

    /// Starts a stand-in for Twitch whose channel `tester` replays a chat log once somebody reads it.
    ///
    /// - Returns: The environment for a server that takes it for Twitch.
    func twitch(chat: String) throws -> [String: String] {
        let output = Pipe()
        let input = Pipe()
        let double = Command.repository.appending(path: "Scripts/demo/twitch_double.py").path
        let child = try start(["python3", double, "--channel", "tester", "--chat", chat], input: input, output: output)
        inputs.append(input)
        children.append(child)
        let line = output.fileHandleForReading.availableData
        let first = try JSONSerialization.jsonObject(with: line) as? [String: Int]
        let port = try #require(first?["port"])
        return ["HYPECLIP_TWITCH_CHAT_ADDRESS": "ws://127.0.0.1:\(port)/irc"]
    }

    /// Starts an encoder.
    ///
    /// - Parameters:
    ///   - path: The recording; without any, a test picture with a tone.
    ///   - address: Server and key.
    /// - Returns: The encoder.
    /// - Throws: Where FFmpeg cannot be started.
    func encoder(_ path: String?, to address: String) throws -> Process {
        let test = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=r=48000"]
        let encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac"]
        let input = path.map { ["-i", $0, "-c", "copy"] } ?? test + encoded
        let child = try start(["ffmpeg", "-nostdin", "-v", "error", "-re"] + input + ["-f", "flv", address])
        children.append(child)
        return child
    }

    /// Ends an encoder as a crash would.
    func crash(_ encoder: Process) {
        kill(encoder.processIdentifier, SIGKILL)
        encoder.waitUntilExit()
    }

    private func start(_ arguments: [String], input: Pipe? = nil, output: Pipe? = nil) throws -> Process {
        let child = Process()
        child.executableURL = URL(filePath: "/usr/bin/env")
        child.arguments = arguments
        child.standardInput = input ?? FileHandle.nullDevice
        child.standardOutput = output ?? FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.run()
        return child
    }
}
