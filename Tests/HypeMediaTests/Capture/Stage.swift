import Foundation
import HypeMedia
import Synchronization

/// A screen and a sound server for tests: Xvfb and PulseAudio on a display and a socket of their own.
///
/// Both are ended with the stage. What `apt-get install xvfb x11-xserver-utils pulseaudio pulseaudio-utils espeak-ng`
/// brings must be there, see ``isPossible``.
final class Stage {
    /// Name of the display, such as `:93`.
    private(set) var display = ""
    /// Address of the sound server.
    let soundServer: String
    private let folder: String
    private var keepers: [Pipe] = []

    /// Whether the programs are installed; says so on the standard output where they are not.
    static let isPossible: Bool = {
        let missing = ["Xvfb", "xsetroot", "pulseaudio", "pactl", "pacat", "paplay", "espeak-ng"].filter {
            path(of: $0) == nil
        }
        if !missing.isEmpty {
            print("SKIPPED: capture of real devices, for want of \(missing.joined(separator: ", "))")
        }
        return missing.isEmpty
    }()

    /// Starts a screen of 640 × 360 pixels and a sound server whose sinks are named `voice` and `game`.
    init() throws {
        folder = NSTemporaryDirectory() + "hype-stage-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        soundServer = "unix:\(folder)/native"
        let numbers = Pipe()
        try start("Xvfb", ["-displayfd", "1", "-screen", "0", "640x360x24", "-nolisten", "tcp"], output: numbers)
        // Xvfb names its display when it takes connections.
        let number = String(decoding: numbers.fileHandleForReading.availableData, as: UTF8.self)
        display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
        try start(
            "pulseaudio",
            [
                "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "-L", "module-native-protocol-unix socket=\(folder)/native auth-anonymous=1",
                "-L", "module-null-sink sink_name=voice", "-L", "module-null-sink sink_name=game",
            ]
        )
        // pactl does not wait for a server that is not there yet.
        for attempt in 1... where try run("pactl", ["info"]) == 0 || attempt == 1000 {
            guard attempt < 1000 else { throw StageFailure() }
            break
        }
        // Something plays, as in a game: PulseAudio hands the sound of a sink that was idle over up to two seconds late.
        for sink in ["voice", "game"] {
            try start("pacat", ["--playback", "--raw", "--latency-msec=20", "--device=\(sink)", "/dev/zero"])
        }
    }

    /// PulseAudio did not answer.
    struct StageFailure: Error {}

    /// Ends screen and sound server.
    func end() {
        for keeper in keepers { try? keeper.fileHandleForWriting.close() }
        keepers = []
        let number = display.dropFirst()
        for path in [folder, "/tmp/.X11-unix/X\(number)", "/tmp/.X\(number)-lock"] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Takes the sound server away, as when it crashes.
    func endSound() { try? keepers[1].fileHandleForWriting.close() }

    /// Starts a program that lives until its keeper is let go, at the latest with this process.
    ///
    /// A shell stands between: it kills the program when its standard input ends. Signals would not reach the program,
    /// which inherits the mask of the thread that runs the test, and PulseAudio closes the file by which Foundation
    /// notices that a process has ended.
    private func start(_ name: String, _ arguments: [String], output: Pipe? = nil) throws {
        let keeper = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", #""$@" & child=$!; read ignored; kill -KILL $child"#, "sh", Self.path(of: name) ?? name] + arguments
        process.environment = environment
        process.standardInput = keeper
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        keepers.append(keeper)
    }

    /// Runs a program on this stage and returns its exit status.
    @discardableResult
    func run(_ name: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path(of: name) ?? name)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Paints the whole screen.
    func paint(_ color: String) throws { try run("xsetroot", ["-display", display, "-solid", color]) }

    /// Speaks a sentence into the sink `voice`.
    func speak(_ words: String) throws {
        let path = "\(folder)/words.wav"
        try run("espeak-ng", ["-w", path, words])
        try run("paplay", ["--device=voice", "--latency-msec=20", path])
    }

    private var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
            "XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": folder, "PULSE_SERVER": soundServer,
        ]
    }

    private static func path(of name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
