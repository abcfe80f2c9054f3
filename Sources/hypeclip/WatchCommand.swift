import ArgumentParser
import Foundation
import HypeApp
import HypeCore

/// `hypeclip watch`: one live session without the web page.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watches a live stream in the terminal and cuts the clips as they happen.",
        discussion: """
            Where the stream comes from:
              hypeclip watch twitch:NAME                  OBS sends it
              hypeclip watch twitch:NAME --source URL     it is fetched
              hypeclip watch twitch:NAME --source screen  this machine, with
                --mic default --webcam /dev/video0        its devices

            In OBS: Settings, Stream, Service “Custom…”, Server and Stream Key as printed; Output, Keyframe Interval 2 s.
            The bars show chat, voice and face as they are seen; a signal that cannot be seen says why. Two of three make a \
            clip once its post-roll has passed, three an instant clip. Clips lie in the data folder, where `hypeclip serve` \
            shows them too. Ctrl-C ends the session and finishes the clips that are being cut.

            Exit codes: 0 the stream ended, 1 failed, 2 wrong usage, 130 interrupted.
            """
    )

    @Argument(help: "The channel whose chat is read: twitch:CHANNEL. Leave it out to go without chat.")
    var channel: String?

    @Option(help: "rtmp (an encoder sends it), screen (this machine), or the address of a stream.")
    var source = "rtmp"

    @Option(help: "Name of the stream key for --source rtmp.")
    var key = "main"

    @Option(help: "Screen for --source screen.")
    var display = ProcessInfo.processInfo.environment["DISPLAY"] ?? ":0"

    @Option(help: "Microphone for --source screen, such as default or alsa:hw:1.")
    var mic: String?

    @Option(help: "What the machine plays, for --source screen, such as @DEFAULT_MONITOR@.")
    var sound: String?

    @Option(help: "Webcam for --source screen, such as /dev/video0.")
    var webcam: String?

    @Option(help: "Where the camera is in the picture: x,y,w,h in pixels. Searched where not given.")
    var camera: String?

    @Flag(help: "Look at faces all the time, not only around chat and voice.")
    var faces = false

    @Flag(
        help: "Measure attention and drowsiness of the face too, and tell alerts. No safety may depend on it."
    )
    var attention = false

    @OptionGroup
    var server: ServerOptions

    @Flag(help: "Print lines instead of the live view.")
    var plain = false

    @Flag(name: .shortAndLong, help: "Log what developers want to know.")
    var verbose = false

    func run() async throws {
        let app = try await WatchApp(flags: server.flags, configFile: server.config, isVerbose: verbose)
        let wish = try wish()
        let view = LiveView(isTerminal: !plain && isatty(STDOUT_FILENO) == 1)
        let session = try await interruptible { try await app.run(wish) { view.show($0) } }
        view.finish()
        if session.state == .failed {
            throw AppFailure(.failed, session.reason ?? "the session failed")
        }
        print("\(session.clips) \(session.clips == 1 ? "clip" : "clips") in \(LiveView.clock(session.position)).")
        if session.state == .stopped { throw CancellationError() }
    }

    private func wish() throws -> WatchWish {
        let source: WatchWish.Source =
            switch self.source {
            case "rtmp": .rtmp(key: key)
            case "screen": .capture
            default: .url(self.source)
            }
        var wish = WatchWish(channel: try channel.map { try WatchWish.channel(of: $0) }, source: source)
        if source == .capture { wish.screen = display }
        wish.microphone = mic
        wish.desktopSound = sound
        wish.webcam = webcam
        wish.region = camera
        wish.watchesFaces = faces
        wish.measuresAttention = attention
        return wish
    }
}
