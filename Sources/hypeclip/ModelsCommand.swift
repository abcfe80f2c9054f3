import ArgumentParser
import Foundation
import HypeApp
import HypeCatalogue

/// `hypeclip models`: which models there are, whether they are intact, and how to get more.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Lists, verifies and pulls the models.",
        discussion: """
            Hypeclip comes with the models it needs. Others are optional: pull them to make it hear or see more.

            Examples:
              hypeclip models list                    what is there and what is missing
              hypeclip models verify                  compares every file's SHA-256
              hypeclip models pull yamnet             hears laughter and screams
              hypeclip models pull --all --from /mnt  without a network

            Models are looked for in the folders of HYPECLIP_MODEL_PATH, then in the user's folder (hypeclip/models under \
            XDG_DATA_HOME or ~/.local/share), then in the installation. They are pulled into the first of these.
            """,
        subcommands: [ModelsListCommand.self, ModelsVerifyCommand.self, ModelsPullCommand.self],
        defaultSubcommand: ModelsListCommand.self
    )
}

/// `hypeclip models list`.
struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows all models: what they do, whether they are there, their size and terms.",
        discussion: """
            The state is judged by the size of the file; `hypeclip models verify` reads it. Models "for a later version" are \
            in the catalogue so that they can be fetched ahead; nothing in this version reads them.

            Examples:
              hypeclip models list
              hypeclip models list --json
            """
    )

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let installation = Installation.current()
        let list = ModelList(inventory: installation.inventory, pullFolder: installation.pullFolder)
        if json { try printJSON(list.json()) } else { print(list.text) }
    }
}

/// `hypeclip models verify`.
struct ModelsVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads every model file that is there and compares its SHA-256 with the catalogue's.",
        discussion: """
            Exits with 1 where a file is damaged or a model is missing that an analysis needs, and says what mends it.

            Examples:
              hypeclip models verify
              hypeclip models verify --json
            """
    )

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let verification = try ModelVerification(Installation.current().inventory)
        if json { try printJSON(verification.json()) } else { print(verification.text) }
        guard verification.isInOrder else {
            throw AppFailure(.failed, "a model is damaged or missing; what mends it is said above")
        }
    }
}

/// `hypeclip models pull`.
struct ModelsPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetches optional models from their pinned addresses, or takes them from a folder.",
        discussion: """
            A file is put in its place only when its SHA-256 is the one in the catalogue. An interrupted download goes on \
            where it ended. Without names, what can be pulled is shown.

            Examples:
              hypeclip models pull yamnet
              hypeclip models pull yamnet whisper-base
              hypeclip models pull --all
              hypeclip models pull yamnet --from ~/Downloads  without a network
              HYPECLIP_MODEL_PATH=/srv/models hypeclip models pull yamnet

            Exit codes: 0 all is there, 1 something could not be had, 2 wrong usage, 130 interrupted.
            """
    )

    @Argument(help: "Names of models, as `hypeclip models list` shows them.")
    var names: [String] = []

    @Flag(help: "Pull every optional model; with --from, every model that the folder holds.")
    var all = false

    @Option(help: ArgumentHelp("Take the files from a folder instead of the network.", valueName: "folder"))
    var from: String?

    @Flag(help: "Print what was done as one JSON object.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    func validate() throws {
        if names.isEmpty, !all {
            let installation = Installation.current()
            let list = ModelList(inventory: installation.inventory, pullFolder: installation.pullFolder)
            throw ValidationError("Say which models to pull, or --all:\n\n\(list.pullable)\n")
        }
        if all, !names.isEmpty { throw ValidationError("--all pulls every model; leave out the names, or --all.") }
        for name in names where ModelCatalogue.entry(name) == nil {
            let known = ModelCatalogue.entries.map(\.id).joined(separator: ", ")
            throw ValidationError("There is no model named \(name). There are: \(known).")
        }
        if let from {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: from, isDirectory: &isFolder), isFolder.boolValue else {
                throw ValidationError("--from takes a folder, and \(from) is none.")
            }
        }
    }

    func run() async throws {
        let run = PullRun(
            names: names,
            source: from.map { .folder(URL(filePath: $0)) } ?? .network,
            installation: .current()
        )
        let bar = quiet ? nil : ProgressBar()
        let outcome: PullRun.Outcome
        do {
            outcome = try await interruptible { try await run.perform(bar: bar) }
        } catch is CancellationError {
            bar?.clear()
            throw AppFailure(.interrupted, "interrupted; what has arrived is kept, and the same command goes on there")
        }
        if json { try printJSON(outcome.json()) } else { print(outcome.text) }
        guard outcome.failures.isEmpty else {
            throw AppFailure(.failed, outcome.failures.map(\.message).joined(separator: "\nhypeclip: "))
        }
    }
}

private func printJSON(_ data: Data) throws {
    FileHandle.standardOutput.write(data)
    print()
}
