package import Foundation
import HypeCore
import HypeEvaluation

/// What an evaluation would judge, counted: the answer of `evaluate --dry-run`.
package struct EvaluationListing: Sendable, Encodable {
    private var sets: [Part]

    /// One collection or manifest.
    private struct Part: Sendable, Encodable {
        var source: String
        var n: Int
        var speakers: Int
        var emotions: [Emotion: Int]
        var sexes: [String: Int]
        var folds: [Fold]
        var taught: Int
        var leftOut: [String: Int]
        var leftOutTaught: EvaluationDocument.TaughtFiles?
        var skipped: [SkippedFile]
        var strangers: Int
        var notes: [String]
    }

    /// One fold.
    private struct Fold: Sendable, Encodable {
        var fold: Int
        var n: Int
        var speakers: [String]
        var emotions: [Emotion: Int]
    }

    /// Counts files.
    ///
    /// - Parameter selection: The files.
    package init(_ selection: EvaluationSelection) {
        sets = selection.parts.map { part in
            let files = part.labeled.files
            let folds = Dictionary(grouping: files.filter { $0.fold != nil }) { $0.fold ?? 0 }
            return Part(
                source: part.name,
                n: files.count,
                speakers: Set(files.compactMap(\.speaker)).count,
                emotions: Self.emotions(files),
                sexes: Dictionary(grouping: files.compactMap(\.sex)) { $0 }.mapValues(\.count),
                folds: folds.sorted { $0.key < $1.key }.map { number, files in
                    Fold(
                        fold: number,
                        n: files.count,
                        speakers: Set(files.compactMap(\.speaker)).sorted(),
                        emotions: Self.emotions(files)
                    )
                },
                taught: part.taughtPaths.count,
                leftOut: part.labeled.foreignLabels,
                leftOutTaught: part.taught,
                skipped: part.labeled.skipped,
                strangers: part.labeled.strangers,
                notes: part.labeled.notes
            )
        }
    }

    private static func emotions(_ files: [LabeledFile]) -> [Emotion: Int] {
        Dictionary(grouping: files, by: \.emotion).mapValues(\.count)
    }

    /// The counts as they are printed for programs: sorted keys, readable.
    ///
    /// - Returns: JSON in UTF-8.
    /// - Throws: What the encoder throws.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// The counts for a person, without a final newline.
    package var text: String { sets.map(Self.text).joined(separator: "\n\n") }

    private static func text(_ part: Part) -> String {
        var lines = ["\(part.source): \(part.n) files of \(part.speakers) speakers would be judged"]
        lines.append("  " + line(part.emotions))
        if !part.sexes.isEmpty {
            lines.append(
                "  " + part.sexes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            )
        }
        for fold in part.folds {
            lines.append(
                "  fold \(fold.fold): \(fold.n) files of \(fold.speakers.count) speakers; \(line(fold.emotions))"
            )
        }
        if part.taught > 0 { lines.append("!! \(part.taught) of them taught the net.") }
        if !part.leftOut.isEmpty {
            let list = part.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("Left out, none of the classes: \(list.joined(separator: ", ")).")
        }
        if part.strangers > 0 { lines.append("\(part.strangers) files are not named like the collection's.") }
        lines += part.skipped.map { "Not judged: \($0.file): \($0.reason)" }
        return (lines + part.notes).joined(separator: "\n")
    }

    private static func line(_ emotions: [Emotion: Int]) -> String {
        Emotion.allCases.compactMap { emotion in emotions[emotion].map { "\(emotion.rawValue) \($0)" } }
            .joined(separator: ", ")
    }
}
