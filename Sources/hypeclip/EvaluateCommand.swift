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
            Runs the same pipeline as predict and analyze and prints accuracy (WAR), unweighted average recall (UAR) and \
            calibration error (ECE) with 95 % intervals, confusion matrix, figures per class, and accuracy against \
            abstaining. A file without an answer (no face, nobody speaks) counts as wrong; a file that cannot be read is \
            listed and not counted.

            A manifest is CSV whose first line names its columns: path and emotion, and where known speaker, corpus, sex \
            and fold. Paths are relative to the manifest. Labels may be synonyms, such as fearful, ANG or happiness; where \
            calm is among them, 8 classes are told apart, else 7, with calm counted as neutral. The interval is over \
            speakers where they are given.

            Data sets (--dataset NAME DIR, searched with all folders inside; the emotion is read from the names):
            \(datasets)
            Clips that are known to be broken, copies, and Git LFS pointers are left out and listed. Several data sets and \
            manifests at once are measured apart and compared in a table.

            Nobody whom the nets were taught by is tested: such speakers are left out and named, and a set of nobody else \
            is refused. --allow-trained measures them too and marks the figures. --trained-on names the training files of \
            a net of your own. docs/evaluation.md says more.

            Examples:
              hypeclip evaluate --dataset savee ~/data/SAVEE --dataset emodb ~/data/EmoDB --markdown report.md
              hypeclip evaluate --dataset crema-d ~/data/CREMA-D --labelling crowd-voice
              hypeclip evaluate --dataset enterface05 ~/data/eNTERFACE --folds 5 --fold-file folds.csv --dry-run
              hypeclip evaluate --dataset ravdess ~/data/RAVDESS --fold-file folds.csv
              hypeclip evaluate --dataset fer2013 ~/data/fer2013 --cropped --plot fer2013.html
              hypeclip evaluate --manifest mine.csv --trained-on train.csv --json

            Exit codes: 0 done, 1 failed or people leak, 2 wrong usage, 3 nothing can be read, 130 interrupted.
            """
    )

    private static var datasets: String {
        Dataset.allCases
            .map { "  \($0.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)) \($0.example)" }
            .joined(separator: "\n")
    }

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "CSV file with the columns path and emotion; speaker, corpus, sex and fold where known. May be repeated.",
            valueName: "CSV"
        )
    )
    var manifest: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("A public data set and the folder it lies in. May be repeated.", valueName: "NAME DIR")
    )
    var dataset: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which tracks are judged: audio (voice), video (faces) or both (fused). Chooses the files of a data set too.",
            valueName: "audio|video|both"
        )
    )
    var modality: Modality = .audio

    @Option(
        help: ArgumentHelp(
            "Labels of CREMA-D: what the actor played, or what the crowd answered to sound and picture, picture, or sound.",
            valueName: "intended|crowd|crowd-face|crowd-voice"
        )
    )
    var labelling: Labelling = .intended

    @Flag(help: "The pictures are faces that were cut out already (brow to chin): look for none.")
    var cropped = false

    @Option(help: ArgumentHelp("Only files with these labels, and only answers among them.", valueName: "a,b,…"))
    var labels: String?

    @Option(help: "Abstain below this confidence, 0 to 1, instead of the threshold that ships with the model.")
    var threshold: Double?

    @Option(
        help: ArgumentHelp(
            "Deal the speakers to N folds, even in files, emotions and sexes, and measure each; --fold-file keeps them.",
            valueName: "N"
        )
    )
    var folds: Int?

    @Option(
        help: ArgumentHelp(
            "CSV with the columns speaker and fold: written with --folds, else read. Folds that share a speaker are refused.",
            valueName: "CSV"
        )
    )
    var foldFile: String?

    @Option(
        help: ArgumentHelp(
            "Manifest of the files that your net was trained on: a test of any of its speakers is refused.",
            valueName: "CSV"
        )
    )
    var trainedOn: String?

    @Flag(help: "Measure speakers that taught the net all the same, and mark the figures.")
    var allowTrained = false

    @Flag(help: "Say what would be judged, and judge nothing.")
    var dryRun = false

    @Flag(help: "Print the figures as one JSON object on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Draw confusion matrix, reliability and abstention into a page (.html) or picture (.svg).",
            valueName: "FILE"
        )
    )
    var plot: String?

    @Option(help: ArgumentHelp("Write a report (.md), with its pictures beside it.", valueName: "FILE"))
    var markdown: String?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        guard !manifest.isEmpty || !dataset.isEmpty else {
            throw ValidationError("Give --manifest CSV or --dataset NAME DIR, one of them at least.")
        }
        _ = try sources()
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold takes a number from 0 to 1, such as 0.5.")
        }
        if let folds, !(2...1000).contains(folds) {
            throw ValidationError("--folds takes a number from 2 to 1000, such as 5.")
        }
        _ = try chosenLabels()
        if let plot, !["html", "svg"].contains(URL(filePath: plot).pathExtension.lowercased()) {
            throw ValidationError("--plot takes a file that ends in .html or .svg.")
        }
        if let markdown, URL(filePath: markdown).pathExtension.lowercased() != "md" {
            throw ValidationError("--markdown takes a file that ends in .md.")
        }
        if dryRun, plot != nil || markdown != nil {
            throw ValidationError("--dry-run measures nothing; --plot and --markdown need figures.")
        }
    }

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        let options = try options()
        let selection = try app.select(options)
        guard !dryRun else {
            let listing = EvaluationListing(selection)
            if json { FileHandle.standardOutput.write(try listing.json()) }
            print(json ? "" : listing.text)
            return
        }
        let bar = quiet ? nil : ProgressBar()
        let batch: EvaluationBatch
        do {
            batch = try await interruptible {
                try await app.evaluate(selection, options: options) { bar?.update($0) }
            }
        } catch {
            bar?.clear()
            throw error
        }
        bar?.clear()
        if let plot { try EvaluationPlot.write(batch, to: plot) }
        if let markdown { try EvaluationPlot.writeMarkdown(batch, to: markdown) }
        if json {
            FileHandle.standardOutput.write(try batch.json())
            print()
        } else {
            print(EvaluationText(batch).text)
        }
    }

    private func options() throws -> EvaluationOptions {
        var options = EvaluationOptions(sources: try sources())
        options.isCropped = cropped
        options.labels = try chosenLabels()
        options.threshold = threshold
        options.dataset = DatasetOptions(modality: modality, labelling: labelling)
        options.folds = folds
        options.foldFile = foldFile
        options.trainedOn = trainedOn
        options.allowsTrained = allowTrained
        return options
    }

    private func sources() throws -> [EvaluationSource] {
        let names = Dataset.allCases.map(\.rawValue).joined(separator: ", ")
        let sets = try stride(from: 0, to: dataset.count, by: 2).map { index in
            guard index + 1 < dataset.count, let name = Dataset(rawValue: dataset[index].lowercased()) else {
                throw ValidationError("--dataset takes a name and a folder; names are \(names).")
            }
            return EvaluationSource.dataset(name, folder: dataset[index + 1])
        }
        return sets + manifest.map { .manifest($0) }
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

extension Modality: ExpressibleByArgument {}
extension Labelling: ExpressibleByArgument {}
