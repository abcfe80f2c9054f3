import ArgumentParser
import Foundation
import HypeApp

/// The options of `predict` for what a webcam, a screen and a microphone bring.
struct PredictLiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Watch a webcam: its number or its device, such as /dev/video0.", valueName: "device"))
    var camera: String?

    @Flag(help: "Watch the screen, such as a video call.")
    var screen = false

    @Option(help: "The screen for --screen.")
    var display = ProcessInfo.processInfo.environment["DISPLAY"] ?? ":0"

    @Option(help: ArgumentHelp("Listen to a microphone, such as default or alsa:hw:1.", valueName: "device"))
    var mic: String?

    @Option(name: .customLong("for"), help: ArgumentHelp("Stop after so many seconds.", valueName: "seconds"))
    var seconds: Double?

    /// Whether anything is to be watched.
    var isWanted: Bool { camera != nil || screen || mic != nil }

    func validate() throws {
        if camera != nil, screen { throw ValidationError("Give either --camera or --screen.") }
        if let seconds, !(seconds > 0 && seconds.isFinite) {
            throw ValidationError("--for takes a number of seconds above 0.")
        }
        if seconds != nil, !isWanted { throw ValidationError("--for goes with --camera, --screen or --mic.") }
    }

    /// Watches until it is interrupted or the time is over.
    func run(_ app: App, json: Bool, attention: Bool) async throws {
        let view = EmotionView(json: json, isTerminal: isatty(STDOUT_FILENO) == 1)
        let devices = EmotionDevices(
            camera: camera,
            screen: screen ? display : nil,
            microphone: mic,
            wantsAttention: attention
        )
        let limit = seconds.map { Duration.nanoseconds(Int64(min($0, 1e9) * 1e9)) }
        defer { view.finish() }
        try await interruptible {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await app.gaze(at: devices) { view.show($0) } }
                if let limit { group.addTask { try await Task.sleep(for: limit) } }
                _ = try await group.next()
                group.cancelAll()
            }
        }
    }
}
