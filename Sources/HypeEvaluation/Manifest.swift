import Foundation
import HypeCore

/// A table of labelled files: CSV with the columns `path` and `emotion`, and where there are any `speaker`, `corpus`,
/// `sex` and `fold`; further columns are passed over.
package enum Manifest {
    /// Reads a manifest.
    ///
    /// - Parameter path: The CSV file; paths in it are relative to its folder.
    /// - Returns: The files whose labels are emotions, and what was left out.
    /// - Throws: ``EvaluationError``.
    package static func read(_ path: String) throws -> LabeledFiles {
        let url = URL(filePath: path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationError(.unreadable, "the manifest \(path) cannot be read; check the spelling of its path")
        }
        return try parse(
            String(decoding: data, as: UTF8.self),
            name: path,
            folder: url.deletingLastPathComponent().path
        )
    }

    /// Reads the text of a manifest.
    ///
    /// - Parameters:
    ///   - text: CSV.
    ///   - name: What to call it in messages.
    ///   - folder: What relative paths are relative to.
    /// - Returns: The files whose labels are emotions, and what was left out.
    /// - Throws: ``EvaluationError``, with code `.leak` where its folds share a person.
    package static func parse(_ text: String, name: String, folder: String) throws -> LabeledFiles {
        let table = CSVTable(text)
        guard let path = table.column("path", "file", "filename"), let emotion = table.column("emotion", "label") else {
            let found = table.columns.isEmpty ? "is empty" : "has the columns \(table.columns.joined(separator: ", "))"
            throw EvaluationError(
                .columns,
                "\(name) \(found); it needs path and emotion, and may have speaker, corpus, sex and fold. "
                    + "Its first line names the columns: path,emotion,speaker"
            )
        }
        let speaker = table.column("speaker", "actor", "subject")
        let corpus = table.column("corpus", "dataset")
        let sex = table.column("sex", "gender")
        let fold = table.column("fold")
        var result = LabeledFiles()
        for row in table.rows {
            guard let file = CSVTable.field(row, path) else {
                result.strangers += 1
                continue
            }
            result.add(label: CSVTable.field(row, emotion) ?? "") { emotion in
                LabeledFile(
                    path: file.hasPrefix("/") ? file : folder + "/" + file,
                    emotion: emotion,
                    speaker: CSVTable.field(row, speaker),
                    corpus: CSVTable.field(row, corpus),
                    sex: CSVTable.field(row, sex),
                    fold: CSVTable.field(row, fold).flatMap { Int($0) }
                )
            }
        }
        guard !result.files.isEmpty else {
            throw EvaluationError(
                .nothing,
                "\(name) names no file with an emotion; labels are angry, disgust, fear, happy, sad, surprise, neutral, "
                    + "calm and their usual synonyms"
            )
        }
        try FoldTable.check(result.files, name: name)
        return result
    }
}
