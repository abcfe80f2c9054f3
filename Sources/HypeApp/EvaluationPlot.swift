import Foundation
import HypeEvaluation
import HypeReport

/// Writes the drawing of an evaluation.
package enum EvaluationPlot {
    /// Draws figures into a file.
    ///
    /// - Parameters:
    ///   - batch: What was measured.
    ///   - path: A file that ends in `.svg` for a picture alone, or in anything else for a page.
    /// - Throws: ``AppFailure`` where the file cannot be written.
    package static func write(_ batch: EvaluationBatch, to path: String) throws {
        let drawing = drawing(of: batch.sets)
        let isPicture = URL(filePath: path).pathExtension.lowercased() == "svg"
        try write(isPicture ? drawing.svg() : drawing.page(), to: path, option: "--plot")
    }

    /// Writes the report as Markdown, and a picture for each collection beside it.
    ///
    /// The pictures are called like the report, with the name of the collection where there are several.
    ///
    /// - Parameters:
    ///   - batch: What was measured.
    ///   - path: The file, such as `report.md`.
    /// - Throws: ``AppFailure`` where a file cannot be written.
    package static func writeMarkdown(_ batch: EvaluationBatch, to path: String) throws {
        let url = URL(filePath: path)
        let stem = url.deletingPathExtension().lastPathComponent
        var used: Set<String> = []
        var parts: [EvaluationMarkdown.Part] = []
        for (number, document) in zip(1..., batch.sets) {
            var name = batch.sets.count > 1 ? "\(stem)-\(fileName(document.source))" : stem
            if !used.insert(name).inserted { name += "-\(number)" }
            let picture = name + ".svg"
            try write(
                drawing(of: [document]).svg(),
                to: url.deletingLastPathComponent().appending(path: picture).path,
                option: "--markdown"
            )
            parts.append(
                EvaluationMarkdown.Part(
                    name: document.source,
                    reports: document.reports,
                    models: document.models.map { ($0.name, $0.version, $0.sha256) },
                    skipped: document.skipped,
                    unreadable: document.unreadable,
                    leftOut: document.leftOut,
                    notes: document.notes,
                    picture: picture
                )
            )
        }
        try write(EvaluationMarkdown(parts, commandLine: batch.commandLine).text, to: path, option: "--markdown")
    }

    private static func drawing(of documents: [EvaluationDocument]) -> EvaluationDrawing {
        EvaluationDrawing(
            EvaluationDrawing.Content(
                title: documents.map(\.source).joined(separator: ", "),
                rows: documents.flatMap { document in document.reports.map { (document.source, $0) } },
                notes: documents.flatMap(\.notes)
            )
        )
    }

    /// A name without what a file system or a shell would mind.
    private static func fileName(_ source: String) -> String {
        let parts = source.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return parts.isEmpty ? "set" : parts.joined(separator: "-")
    }

    private static func write(_ text: String, to path: String, option: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw AppFailure(.failed, "\(option) \(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
