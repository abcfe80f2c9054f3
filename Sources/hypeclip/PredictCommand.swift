import ArgumentParser
import Foundation
import HypeApp

/// `hypeclip predict`: the emotion of pictures and recordings.
struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Reads the emotion of pictures (faces) and recordings (voices).",
        discussion: """
            Pictures may be JPEG, PNG or anything else that FFmpeg reads as one picture; every face is found and read, and \
            the answer is about the largest. Recordings may be anything with a sound track; the answer is the mean over \
            windows of two seconds of speech. Of a video the sound is judged; faces in video are not looked at yet.

            Emotions: angry, disgust, fear, happy, sad, surprise, neutral, as probabilities from 0 to 1 that sum to 1. \
            Where the likeliest one is less likely than the model's threshold, the answer is "abstains". The nets were \
            taught by actors and web pictures: they tell what a face or a voice shows, not what a person feels.

            Examples:
              hypeclip predict selfie.jpg
              hypeclip predict laugh.wav scream.ogg --json
              hypeclip predict faces/*.png --cropped

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a file cannot be read (the others are answered), \
            130 interrupted.
            """
    )

    @Argument(help: "Pictures and recordings.")
    var files: [String]

    @Flag(help: "Print one JSON object, or an array of them for several files, on standard output.")
    var json = false

    @Flag(help: "The pictures are faces that were cut out already (brow to chin): look for none.")
    var cropped = false

    @Option(help: "Abstain below this confidence, 0 to 1, instead of the threshold that ships with the model.")
    var threshold: Double?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold takes a number from 0 to 1, such as 0.5.")
        }
    }

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        let bar = quiet || files.count < 2 ? nil : ProgressBar()
        let (files, cropped, threshold) = (files, cropped, threshold)
        let results: [EmotionResult]
        do {
            results = try await interruptible {
                try await app.predict(files, isCropped: cropped, threshold: threshold) { bar?.update($0) }
            }
        } catch {
            bar?.clear()
            throw error
        }
        bar?.clear()
        if json {
            FileHandle.standardOutput.write(try EmotionResult.json(results))
            print()
        } else if results.contains(where: { $0.error == nil }) {
            print(EmotionText(results).text)
        }
        try Self.complain(about: results.compactMap(\.error), of: results.count)
    }

    /// Names the files that could not be read and ends with the exit code for them.
    private static func complain(about errors: [String], of count: Int) throws {
        guard let first = errors.first else { return }
        if count == 1 { throw AppFailure(.unreadableInput, first) }
        for error in errors { FileHandle.standardError.write(Data("hypeclip: \(error)\n".utf8)) }
        throw AppFailure(.unreadableInput, "\(errors.count) of \(count) files cannot be read")
    }
}
