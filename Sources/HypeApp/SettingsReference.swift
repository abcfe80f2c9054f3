import Foundation
import HypeMoments

/// The reference page of all settings, made from their definitions.
package enum SettingsReference {
    /// The page in Markdown.
    package static var markdown: String {
        var lines = [
            "# Settings",
            "",
            "Every setting can stand in a JSON file given with `--config`, or in the environment:",
            "`HYPECLIP_MOMENTS_PRE_ROLL=8` goes before `{\"moments\": {\"preRoll\": 8}}`, which goes before the default.",
            "What stands on the command line of `hypeclip serve` goes before all. All mistakes are reported at once. This page is",
            "made from the code; a test compares it.",
            "",
            "## Moments and clips",
            "",
            "| key | default | range | unit | environment | what it does |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for field in MomentSettings.fields {
            let range = "\(number(field.range.lowerBound))…\(number(field.range.upperBound))"
            lines.append(
                "| `moments.\(field.key)` | \(number(field.standard)) | \(range) | \(field.unit) "
                    + "| `\(SettingsReader.variable(for: SettingsReader.scope + "." + field.key))` | \(field.summary) |"
            )
        }
        lines += [
            "",
            "## Server",
            "",
            "| key | default | may be | unit | environment | what it does |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for field in ServeSettings.fields {
            lines.append(
                "| `\(field.key)` | \(field.standard) | \(field.range) | \(field.unit) "
                    + "| `\(SettingsReader.variable(for: field.key))` | \(field.summary) |"
            )
        }
        lines += [
            "",
            "## Installation",
            "",
            "The installation is read from the environment only: `HYPECLIP_WORKER` (path of the worker, default: beside",
            "`hypeclip`), `HYPECLIP_MODEL_PATH` (folders with model files separated by `:`, searched first; models are pulled",
            "into the first) and `XDG_DATA_HOME` (models are pulled into `hypeclip/models` there, default: `~/.local/share`).",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
