import ArgumentParser
import Foundation
import HypeApp

/// `hypeclip predict`: the emotion of pictures, recordings and videos, and of a webcam.
struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Reads the emotion of faces and voices in pictures, recordings and videos, or live.",
        discussion: """
            Files may be anything that FFmpeg reads; a folder stands for all media files in it. Of a picture every face is \
            read, and the answer is about the largest. Of a recording the voice is read, in windows of two seconds. Of a \
            video both are: faces are followed through the pictures, the voice is heard, and the two are joined, over all \
            of it and for each two seconds. A branch that is unsure does not count where the other one is sure.

            Emotions: angry, disgust, fear, happy, sad, surprise, neutral, as probabilities from 0 to 1 that sum to 1. \
            Where the likeliest one is less likely than the threshold, the answer is "abstains". The nets were taught by \
            actors and web pictures: they tell what a face or a voice shows, not what a person feels.

            Examples:
              hypeclip predict selfie.jpg
              hypeclip predict interview.mp4 --explain seen
              hypeclip predict laugh.wav scream.ogg --json
              hypeclip predict recordings/ --csv emotions.csv
              hypeclip predict faces/*.png --cropped
              hypeclip predict --camera 0 --mic default

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a file cannot be read (the others are answered), \
            130 interrupted.
            """
    )

    /// How face and voice are joined.
    enum Fusion: String, CaseIterable, ExpressibleByArgument {
        case late, early
    }

    @Argument(help: "Pictures, recordings, videos, and folders of them.")
    var files: [String] = []

    @Flag(help: "Print one JSON object, or an array of them for several files, on standard output.")
    var json = false

    @Option(help: ArgumentHelp("Write a row of each file, as its answer comes.", valueName: "FILE"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a JSON object of each file in a line, as its answer comes.", valueName: "FILE"))
    var jsonl: String?

    @Option(help: "How face and voice are joined: late (their answers) or early (what both nets saw).")
    var fusion = Fusion.late

    @Option(
        help: ArgumentHelp(
            "Have a video model watch films too, such as videomae-base-k400 (hypeclip models list).",
            valueName: "NAME"
        )
    )
    var model: String?

    @Flag(
        help: """
            Measure attention and drowsiness of the largest face in films, and live: eyes, blinks, yawns, head, gaze. \
            No safety may depend on it (docs/attention.md).
            """
    )
    var attention = false

    @Option(help: ArgumentHelp("Write what the nets saw, faces and spectrograms, as PNG files.", valueName: "DIR"))
    var explain: String?

    @Flag(help: "Read all sixteen pictures of each second, and list every reading of every face in the JSON.")
    var tracks = false

    @Option(
        help: ArgumentHelp("Answer after so many milliseconds per file with what is there by then.", valueName: "ms")
    )
    var deadline: Int?

    @Option(help: "Abstain below this confidence, 0 to 1, instead of the threshold that ships with the models.")
    var threshold: Double?

    @Flag(help: "The pictures are faces that were cut out already (brow to chin): look for none.")
    var cropped = false

    @OptionGroup(title: "Live")
    var live: PredictLiveOptions

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold takes a number from 0 to 1, such as 0.5.")
        }
        if let deadline, deadline < 1 { throw ValidationError("--deadline takes milliseconds from 1 on, such as 200.") }
        try live.validate()
        guard files.isEmpty == live.isWanted else {
            throw ValidationError(
                live.isWanted
                    ? "Give either files or --camera or --screen." : "Name a file, or give --camera or --screen."
            )
        }
    }

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        if live.isWanted { return try await live.run(app, json: json, attention: attention) }
        var query = EmotionQuery(files: try MediaFolder.files(in: files))
        query.isCropped = cropped
        query.fusion = fusion == .early ? .early : .late
        query.wantsTracks = tracks
        query.wantsAttention = attention
        query.videoModel = model
        query.explains = explain != nil
        query.deadline = deadline.map { .milliseconds($0) }
        query.threshold = threshold
        let results = try await results(of: query, by: app)
        if json {
            FileHandle.standardOutput.write(try EmotionResult.json(results))
            print()
        } else if csv == nil, jsonl == nil, results.contains(where: { $0.error == nil }) {
            print(EmotionText(results).text)
        }
        try Self.complain(about: results.compactMap(\.error), of: results.count)
    }

    private func results(of query: EmotionQuery, by app: App) async throws -> [EmotionResult] {
        let bar = quiet ? nil : ProgressBar(isPatient: true)
        let output = try PredictOutput(csv: csv, jsonl: jsonl, evidence: explain, count: query.files.count)
        do {
            let results = try await interruptible {
                try await app.predict(query, onResult: { output.take($1, number: $0) }) { bar?.update($0) }
            }
            bar?.clear()
            return try output.finish(results)
        } catch {
            bar?.clear()
            throw error
        }
    }

    /// Names the files that could not be read and ends with the exit code for them.
    private static func complain(about errors: [String], of count: Int) throws {
        guard let first = errors.first else { return }
        if count == 1 { throw AppFailure(.unreadableInput, first) }
        for error in errors { FileHandle.standardError.write(Data("hypeclip: \(error)\n".utf8)) }
        throw AppFailure(.unreadableInput, "\(errors.count) of \(count) files cannot be read")
    }
}
