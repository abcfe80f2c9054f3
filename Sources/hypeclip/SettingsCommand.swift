import ArgumentParser
import HypeApp

/// `hypeclip settings`: the reference of all settings.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Prints every setting with default, range, unit and meaning, as Markdown."
    )

    func run() {
        print(SettingsReference.markdown, terminator: "")
    }
}
