import Foundation
package import HypeCore

/// Features of recordings in short, for a person at a terminal.
package struct FeatureText: Sendable {
    private let outcomes: [FeatureOutcome]
    private let files: [[FeatureFile]]

    /// Creates a text.
    ///
    /// - Parameters:
    ///   - outcomes: What became of each recording.
    ///   - files: The files that were written for each, in the same order.
    package init(_ outcomes: [FeatureOutcome], files: [[FeatureFile]]) {
        self.outcomes = outcomes
        self.files = files
    }

    /// A block per recording, without a final newline: the files where some were written, else a table of the values.
    package var text: String {
        zip(outcomes, files).compactMap { outcome, files in
            guard case .success(let summary) = outcome.result else { return nil }
            return block(outcome.recording, summary, files)
        }.joined(separator: "\n")
    }

    private func block(_ recording: String, _ summary: FeatureSummary, _ files: [FeatureFile]) -> String {
        let length = String(format: "%.2f s", summary.sound.inSeconds)
        var lines = ["\(recording): \(summary.values.count) values in \(summary.frameCount) frames (\(length))"]
        lines += files.map { "  wrote \($0.path)" }
        if files.isEmpty {
            lines.append("  " + Self.row("", ["mean", "deviation", "lowest", "highest"]))
            lines += summary.values.map { value in
                let numbers = [value.mean, value.deviation, value.range.lowerBound, value.range.upperBound]
                return "  " + Self.row(value.name, numbers.map(Self.number))
            }
        }
        return (lines + summary.notes.map { "  note: \($0)" }).joined(separator: "\n")
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let padded = cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }
        return name.padding(toLength: 10, withPad: " ", startingAt: 0) + padded.joined()
    }

    private static func number(_ value: Double) -> String {
        abs(value) >= 0.01 || value == 0 ? String(format: "%.3f", value) : String(format: "%.3g", value)
    }
}
