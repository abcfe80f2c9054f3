import Foundation

/// A screen of its own (Xvfb) on which a film is played (ffplay); both end with the stage.
final class ScreenStage {
    /// Name of the display, such as `:93`.
    private(set) var display = ""
    private var keepers: [Pipe] = []

    /// Whether the programs are installed.
    static let isPossible: Bool = ["Xvfb", "ffplay"].allSatisfy { path(of: $0) != nil }

    /// Starts a screen of 640 × 360 pixels.
    init() throws {
        let numbers = Pipe()
        try start("Xvfb", ["-displayfd", "1", "-screen", "0", "640x360x24", "-nolisten", "tcp"], output: numbers)
        // Xvfb names its display when it takes connections.
        let number = String(decoding: numbers.fileHandleForReading.availableData, as: UTF8.self)
        display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit { end() }

    /// Plays a film over and over, in the middle of the screen.
    func play(_ film: String) throws {
        try start("ffplay", ["-v", "error", "-an", "-loop", "0", "-left", "0", "-top", "0", film])
    }

    /// Ends the screen and what plays on it.
    func end() {
        for keeper in keepers { try? keeper.fileHandleForWriting.close() }
        keepers = []
        let number = display.dropFirst()
        for path in ["/tmp/.X11-unix/X\(number)", "/tmp/.X\(number)-lock"] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Starts a program that lives until its keeper is let go, at the latest with this process.
    ///
    /// A shell stands between, which kills the program when its standard input ends.
    private func start(_ name: String, _ arguments: [String], output: Pipe? = nil) throws {
        let keeper = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", #""$@" & child=$!; read ignored; kill -KILL $child"#, "sh", Self.path(of: name) ?? name] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["DISPLAY": display, "SDL_RENDER_DRIVER": "software", "SDL_AUDIODRIVER": "dummy"]
        ) { $1 }
        process.standardInput = keeper
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        keepers.append(keeper)
    }

    private static func path(of name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
