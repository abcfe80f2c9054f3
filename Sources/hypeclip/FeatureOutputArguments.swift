import ArgumentParser
import Foundation
import HypeApp
import HypeCore

/// Where features go, in the words of the command line.
struct FeatureOutputArguments: ParsableArguments {
    /// What an option without a file means.
    private static let named = "named after the recording"
    /// What stands for standard output.
    private static let standardOutput = "-"

    @Option(
        defaultAsFlag: FeatureOutputArguments.named,
        parsing: .next,
        help: ArgumentHelp("A line per frame, its time in seconds first.", valueName: "file")
    )
    var csv: String?

    @Option(
        defaultAsFlag: FeatureOutputArguments.named,
        parsing: .next,
        help: ArgumentHelp("One object with the settings and a list per frame.", valueName: "file")
    )
    var json: String?

    @Option(
        defaultAsFlag: FeatureOutputArguments.named,
        parsing: .next,
        help: ArgumentHelp("NumPy's format: 32-bit floats, values × frames.", valueName: "file")
    )
    var npy: String?

    @Option(
        defaultAsFlag: FeatureOutputArguments.named,
        parsing: .next,
        help: ArgumentHelp("A picture with axes.", valueName: "file")
    )
    var png: String?

    @Option(
        help: ArgumentHelp("Folder of files named after recordings; made where it is missing.", valueName: "folder")
    )
    var out = "."

    @Option(help: ArgumentHelp("Colours of the picture: magma, viridis or grey.", valueName: "name"))
    var colours = PictureSettings.Colours.magma.rawValue

    @Flag(help: "No axes: the picture holds nothing but the values, a pixel for each unless --size says otherwise.")
    var bare = false

    @Option(help: ArgumentHelp("Pixels of the values in the picture, such as 224x224.", valueName: "WxH"))
    var size: String?

    /// The files to write for each recording, with `-` as the path of what is printed.
    ///
    /// - Throws: `ValidationError` for names that make no sense.
    func tasks(for recordings: [String], settings: FeatureSettings) throws -> [FeatureTask] {
        let style = try style()
        let wishes: [(option: String, wish: String?, format: FeatureFile.Format)] = [
            ("csv", csv, .csv), ("json", json, .json), ("npy", npy, .npy), ("png", png, .png(style)),
        ]
        for (option, wish, _) in wishes {
            guard let wish, wish != Self.named else { continue }
            try check(wish, option: option, recordings: recordings.count)
        }
        if csv == Self.standardOutput, json == Self.standardOutput {
            throw ValidationError("Print either --csv or --json; give the other one a file.")
        }
        if png == nil, bare || size != nil { throw ValidationError("--bare and --size belong to --png.") }
        let tasks = recordings.map { recording in
            FeatureTask(
                recording: recording,
                files: wishes.compactMap { option, wish, format in
                    wish.map {
                        FeatureFile(
                            format,
                            path: $0 == Self.named ? path(for: recording, ending: option, settings: settings) : $0
                        )
                    }
                }
            )
        }
        try checkTwins(tasks)
        return tasks
    }

    private func check(_ path: String, option: String, recordings: Int) throws {
        guard recordings == 1 else {
            throw ValidationError(
                "--\(option) \(path) is one file for \(recordings) recordings. Leave the name out, and each gets one of its "
                    + "own; --out names the folder."
            )
        }
        if path == Self.standardOutput, option == "csv" || option == "json" { return }
        guard URL(filePath: path).pathExtension.lowercased() == option else {
            throw ValidationError(
                "--\(option) takes a file that ends in .\(option), and \(path) does not. If it is a recording, name the "
                    + "recordings first: hypeclip features \(path) --\(option)"
            )
        }
    }

    /// Refuses recordings of the same name, of which one would replace the other's files.
    private func checkTwins(_ tasks: [FeatureTask]) throws {
        var owners: [String: String] = [:]
        for task in tasks {
            for file in task.files {
                let path = URL(filePath: file.path).standardizedFileURL.path
                if let other = owners.updateValue(task.recording, forKey: path) {
                    throw ValidationError(
                        "\(other) and \(task.recording) would both be written to \(file.path); run them one by one with "
                            + "different folders as --out."
                    )
                }
            }
        }
    }

    private func path(for recording: String, ending: String, settings: FeatureSettings) -> String {
        let name = URL(filePath: recording).deletingPathExtension().lastPathComponent
        let kind = if case .mfcc = settings.kind { "mfcc" } else { "mel" }
        let file = "\(name).\(kind).\(ending)"
        return out == "." ? file : URL(filePath: out).appending(path: file).relativePath
    }

    private func style() throws -> PictureSettings {
        guard let colours = PictureSettings.Colours(rawValue: colours.lowercased()) else {
            let names = PictureSettings.Colours.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--colours takes one of \(names).")
        }
        var style = PictureSettings(colours: colours, hasAxes: !bare)
        guard let size else { return style }
        let sides = size.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1] else {
            throw ValidationError("--size takes width and height such as 224x224.")
        }
        (style.width, style.height) = (width, height)
        if let mistake = style.mistake { throw ValidationError(mistake) }
        return style
    }
}
