import ArgumentParser
import Foundation
import HypeApp
import HypeCore
import HypeEvaluation

/// `hypeclip evaluate`: how well the shipped pipeline does on labelled files.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures the shipped nets on labelled pictures or recordings: check us on your own data.",
        discussion: """
            Runs the same pipeline as predict and analyze and prints accuracy, unweighted average recall (UAR) with 95 % \
            intervals, calibration error (ECE), confusion matrix, figures per class, and accuracy against abstaining. A \
            file without an answer (no face, nobody speaks) counts as wrong; a file that cannot be read is listed and not \
            counted.

            A manifest is CSV whose first line names its columns: path and emotion, and where known speaker, corpus and \
            sex. Paths are relative to the manifest. Labels may be synonyms, such as fearful, ANG or happiness; where calm \
            is among them, 8 classes are told apart, else 7, with calm counted as neutral. The interval is over speakers \
            where they are given.

            Data sets (--dataset NAME DIR, searched with all folders inside; the emotion is read from the names):
            \(datasets)

            Examples:
              hypeclip evaluate --dataset ravdess ~/data/RAVDESS
              hypeclip evaluate --dataset crema-d AudioWAV --labels happy,sad
              hypeclip evaluate --dataset fer2013 ~/data/fer2013 --cropped --plot fer2013.html
              hypeclip evaluate --manifest mine.csv --json

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing can be read, 130 interrupted.
            """
    )

    private static var datasets: String {
        Dataset.allCases
            .map { "  \($0.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)) \($0.example)" }
            .joined(separator: "\n")
    }

    @Option(help: "CSV file with the columns path and emotion; speaker, corpus and sex where known.")
    var manifest: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("A public data set and the folder it lies in.", valueName: "NAME DIR")
    )
    var dataset: [String] = []

    @Flag(help: "The pictures are faces that were cut out already (brow to chin): look for none.")
    var cropped = false

    @Option(help: ArgumentHelp("Only files with these labels, and only answers among them.", valueName: "a,b,…"))
    var labels: String?

    @Option(help: "Abstain below this confidence, 0 to 1, instead of the threshold that ships with the model.")
    var threshold: Double?

    @Flag(help: "Print the figures as one JSON object on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Draw confusion matrix, reliability and abstention into a page (.html) or picture (.svg).",
            valueName: "FILE"
        )
    )
    var plot: String?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        guard (manifest == nil) != dataset.isEmpty else {
            throw ValidationError("Give either --manifest CSV or --dataset NAME DIR.")
        }
        if !dataset.isEmpty, dataset.count != 2 || Dataset(rawValue: dataset[0].lowercased()) == nil {
            let names = Dataset.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--dataset takes a name and a folder; names are \(names).")
        }
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold takes a number from 0 to 1, such as 0.5.")
        }
        _ = try chosenLabels()
        if let plot, !["html", "svg"].contains(URL(filePath: plot).pathExtension.lowercased()) {
            throw ValidationError("--plot takes a file that ends in .html or .svg.")
        }
    }

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        let bar = quiet ? nil : ProgressBar()
        let source = try source()
        let labels = try chosenLabels()
        let (cropped, threshold) = (cropped, threshold)
        let document: EvaluationDocument
        do {
            document = try await interruptible {
                try await app.evaluate(source, isCropped: cropped, labels: labels, threshold: threshold) {
                    bar?.update($0)
                }
            }
        } catch {
            bar?.clear()
            throw error
        }
        bar?.clear()
        if let plot { try EvaluationPlot.write(document, to: plot) }
        if json {
            FileHandle.standardOutput.write(try document.json())
            print()
        } else {
            print(EvaluationText(document).text)
        }
    }

    private func source() throws -> EvaluationSource {
        if let manifest { return .manifest(manifest) }
        guard dataset.count == 2, let name = Dataset(rawValue: dataset[0].lowercased()) else {
            throw ValidationError("--dataset takes a name and a folder.")
        }
        return .dataset(name, folder: dataset[1])
    }

    private func chosenLabels() throws -> [Emotion] {
        guard let labels else { return [] }
        let names = labels.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let emotions = names.compactMap { Emotion(label: $0) }
        guard emotions.count == names.count, Set(emotions).count >= 2 else {
            throw ValidationError("--labels takes at least two emotions separated by commas, such as happy,sad.")
        }
        return emotions
    }
}
