import Foundation
import Testing

/// What a person gets who gives `hypeclip` something that it cannot use.
@Suite(.timeLimit(.minutes(5)))
struct BadInputTests {
    private func analyze(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandResult {
        try Command.run(Command.hypeclip, ["analyze", "--quiet"] + arguments, environment: environment)
    }

    @Test(arguments: [
        ["analyze"], ["analyze", "a.mp4", "--nonsense"], ["nonsense"], ["analyze", "a", "--camera", "1,2"],
    ])
    func wrongUsageExitsWithTwo(arguments: [String]) throws {
        let result = try Command.run(Command.hypeclip, arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains("Usage") || result.errors.contains("--help"))
    }

    @Test(arguments: [["--help"], ["analyze", "--help"], ["doctor", "--help"], ["--version"]])
    func helpGoesToStandardOutput(arguments: [String]) throws {
        let result = try Command.run(Command.hypeclip, arguments)
        #expect(result.status == 0)
        #expect(!result.output.isEmpty && result.errors.isEmpty)
    }

    @Test
    func unreadableInputExitsWithThreeAndSaysWhy() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let out = ["--out", scratch.path("out")]
        let empty = try scratch.write("", to: "empty.mp4")
        let text = try scratch.write(String(repeating: "this is no recording\n", count: 500), to: "letter.mp4")
        for (path, words) in [
            (scratch.path("missing.mp4"), "missing.mp4"), (empty, "empty"), (scratch.folder.path, "folder"),
            (text, "letter.mp4"),
        ] {
            let result = try analyze([path] + out)
            #expect(result.status == 3, "\(path)")
            #expect(result.errors.hasPrefix("hypeclip: "))
            #expect(result.errors.contains(words) || result.errors.contains("director"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
    }

    @Test
    func aChatLogThatIsNoneExitsWithThree() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = scratch.path("short.mp4")
        try Command.tool("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=d=2:s=160x90", "-y", recording])
        let chat = try scratch.write("\u{0}\u{1}\u{2}", to: "chat.json")
        let result = try analyze([recording, "--chat", chat, "--out", scratch.path("out")])
        #expect(result.status == 3)
        #expect(result.errors.contains("chat"))
    }

    @Test
    func anOutputThatIsAFileIsRefused() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = try scratch.write("precious", to: "out")
        let result = try analyze([scratch.path("any.mp4"), "--out", file])
        #expect(result.status == 1)
        #expect(result.errors.contains("--out"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
    }

    @Test
    func aMissingModelNamesTheFileAndTheCommand() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let links = scratch.folder.appending(path: "bin")
        try FileManager.default.createDirectory(at: links, withIntermediateDirectories: true)
        for program in [Command.hypeclip, Command.worker] {
            let copy = links.appending(path: URL(filePath: program).lastPathComponent)
            try FileManager.default.copyItem(at: URL(filePath: program), to: copy)
        }
        let result = try Command.run(
            links.appending(path: "hypeclip").path,
            ["analyze", "--quiet", recording, "--out", scratch.path("out")]
        )
        #expect(result.status == 1)
        #expect(result.errors.contains(".onnx") || result.errors.contains(".tflite"))
        #expect(result.errors.contains("Scripts/bootstrap") || result.errors.contains("git checkout"))
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func aFullDiskIsSaidAndLeavesNoHalfClip() throws {
        let scratch = try Scratch()
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try Command.tool("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk])
        defer {
            _ = try? Command.run("/usr/bin/env", ["umount", disk])
            scratch.remove()
        }
        let recording = try Stage.recording(scratch)
        let result = try analyze([recording, "--chat", try Stage.chat(scratch), "--out", disk])
        #expect(result.status == 1)
        #expect(result.errors.contains("could not be cut") || result.errors.contains("cannot be written"))
        let files = try FileManager.default.contentsOfDirectory(atPath: disk)
        #expect(!files.contains { $0.hasSuffix(".mp4") || $0.hasSuffix(".part") }, "\(files)")
    }

    @Test
    func wrongSettingsAreReportedTogether() throws {
        let result = try analyze(
            ["any.mp4"],
            environment: ["HYPECLIP_MOMENTS_WINDOW": "1000", "HYPECLIP_MOMENTS_PRE_ROLL": "soon"]
        )
        #expect(result.status == 1)
        #expect(result.errors.contains("window") && result.errors.contains("preRoll"))
    }

    @Test
    func doctorFindsThisCheckoutComplete() throws {
        let result = try Command.run(Command.hypeclip, ["doctor"])
        #expect(result.status == 0, "\(result.output)")
        for subject in ["FFmpeg", "OpenVINO", "face-expression.onnx", "voice-emotion.onnx"] {
            #expect(result.output.contains(subject))
        }
    }
}
