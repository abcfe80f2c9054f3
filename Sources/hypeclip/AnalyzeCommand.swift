import ArgumentParser
import Foundation
import HypeApp
import HypeCore

/// `hypeclip analyze`: from a recording and its chat log to clips.
struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Finds the hype moments of a recording and cuts the clips.",
        discussion: """
            Writes into the output folder:
              clip-0001.mp4 …    the clips, with the seconds before the moment, and a picture of each
              report.html        the timeline of the three signals, moments, near misses; open it in a browser
              moments.json       every moment and near miss with the evidence and the reason
              decisions.jsonl    what was seen, from which the same decisions can be replayed

            The chat log may be TwitchDownloader JSON, chat-downloader JSON or JSONL, a raw IRC log with tags, or CSV \
            with time, user and text; the format is detected.

            Examples:
              hypeclip analyze stream.mp4 --chat chat.json
              hypeclip analyze stream.mkv --camera 20,500,300,200 --out clips
              hypeclip analyze game.mp4 --camera webcam.mp4 --chat chat.csv --json

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the input cannot be read, 130 interrupted.
            """
    )

    @Argument(help: "The recording: anything that FFmpeg reads.")
    var video: String

    @Option(help: "The chat log of the stream. Without it, voice and face have to agree.")
    var chat: String?

    @Option(
        help: ArgumentHelp("Where the face is: a part of the picture, or a file of its own.", valueName: "x,y,w,h|FILE")
    )
    var camera: String?

    @Option(help: "Folder for the results; made where it is missing.")
    var out: String = "hypeclip-out"

    @Flag(help: "Print the result as one JSON object on standard output.")
    var json = false

    @Flag(help: "Look at the face everywhere, not only around chat and voice. Same clips, more time.")
    var full = false

    @Option(help: "JSON file with settings. The environment (HYPECLIP_…) goes before it, see docs/settings.md.")
    var config: String?

    @Flag(name: .shortAndLong, help: "Log what developers want to know, on standard error.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        if let camera, camera.contains(","), case .file = CameraChoice(camera),
            !FileManager.default.fileExists(atPath: camera)
        {
            throw ValidationError("--camera takes x,y,w,h in pixels, such as 20,500,300,200, or the path of a file.")
        }
    }

    func run() async throws {
        let app = try await App(configFile: config, isVerbose: verbose)
        let bar = quiet ? nil : ProgressBar()
        let options = app.options(
            video: video,
            chat: chat,
            camera: camera.map(CameraChoice.init) ?? .search,
            output: out,
            isFull: full
        )
        let document: AnalysisDocument
        do {
            document = try await interruptible {
                try await app.analyse(options) { bar?.update($0) }
            }
        } catch {
            bar?.clear()
            throw error
        }
        bar?.clear()
        if json {
            FileHandle.standardOutput.write(try document.json())
            print()
        } else {
            print(AnalysisSummary(document: document, folder: out).text)
        }
        let failed = document.clips.count { $0.state == .failed }
        guard failed == 0 else {
            throw AppFailure(.failed, "\(failed) of \(document.clips.count) clips could not be cut; the notes say why")
        }
    }
}
