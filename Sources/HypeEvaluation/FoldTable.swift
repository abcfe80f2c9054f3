import Foundation
import HypeCore

/// Which speaker is in which fold, as a CSV file says.
///
/// Columns `speaker` and `fold` are needed; `path` and `corpus` are looked at where they are there.
package struct FoldTable: Sendable {
    private var folds: [SpeakerKey: Int]

    /// Reads a table and refuses one whose folds share a person or a file.
    ///
    /// - Parameters:
    ///   - text: CSV.
    ///   - name: What to call it in messages.
    /// - Throws: ``EvaluationError`` with code `.columns`, or `.leak` and the names of the speakers.
    package init(_ text: String, name: String) throws(EvaluationError) {
        let table = CSVTable(text)
        guard let speaker = table.column("speaker", "actor", "subject"), let fold = table.column("fold", "split") else {
            throw EvaluationError(
                .columns,
                "\(name) has the columns \(table.columns.joined(separator: ", ")); a table of folds needs speaker and "
                    + "fold, and may have path, emotion, corpus and sex. --folds N --fold-file FILE writes one."
            )
        }
        let (path, corpus) = (table.column("path", "file", "filename"), table.column("corpus", "dataset"))
        var entries: [Entry] = []
        for (row, line) in zip(table.rows, 2...) {
            guard let number = CSVTable.field(row, fold).flatMap({ Int($0) }), (1...1000).contains(number),
                let person = CSVTable.field(row, speaker).flatMap({
                    SpeakerKey($0, corpus: CSVTable.field(row, corpus))
                })
            else {
                throw EvaluationError(
                    .columns,
                    "\(name), entry \(line): speaker must not be empty, and fold must be a number from 1 to 1000"
                )
            }
            entries.append(Entry(speaker: person, path: CSVTable.field(row, path), fold: number))
        }
        try Entry.check(entries, name: name)
        folds = Dictionary(entries.map { ($0.speaker, $0.fold) }) { first, _ in first }
    }

    /// Reads a table from a file; see ``init(_:name:)``.
    ///
    /// - Parameter path: The CSV file.
    /// - Returns: The table.
    /// - Throws: ``EvaluationError``.
    package static func read(_ path: String) throws(EvaluationError) -> FoldTable {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EvaluationError(
                .unreadable,
                "the table of folds \(path) cannot be read; check its path, or have it written with --folds N"
            )
        }
        return try FoldTable(String(decoding: data, as: UTF8.self), name: path)
    }

    /// Gives files the folds of their speakers.
    ///
    /// - Parameter files: Files that name their speakers.
    /// - Returns: The same files with the numbers of their folds.
    /// - Throws: ``EvaluationError`` with code `.folds` and the names of speakers that are in no fold.
    package func assign(_ files: [LabeledFile]) throws(EvaluationError) -> [LabeledFile] {
        var missing: Set<String> = []
        let assigned = files.map { file in
            var file = file
            file.fold = SpeakerKey(file).flatMap { key in
                folds[key] ?? folds.first { $0.key.mayBe(key) }?.value
            }
            if file.fold == nil { missing.insert(file.speaker ?? "(not named)") }
            return file
        }
        guard missing.isEmpty else {
            throw EvaluationError(
                .folds,
                "the table of folds does not know \(SpeakerLeak.list(missing)). Make a new one with --folds N."
            )
        }
        return assigned
    }

    /// Refuses files whose folds share a person or a file.
    ///
    /// - Parameters:
    ///   - files: Files, some of which have folds.
    ///   - name: What to call them in messages.
    /// - Throws: ``EvaluationError`` with code `.leak` and the names of the speakers.
    package static func check(_ files: [LabeledFile], name: String) throws(EvaluationError) {
        let entries = files.compactMap { file in
            file.fold.flatMap { fold in
                SpeakerKey(file).map { Entry(speaker: $0, path: file.path, fold: fold) }
            }
        }
        try Entry.check(entries, name: name)
    }

    /// The table of files with folds, to train and test by: CSV with path, emotion, speaker, corpus, sex and fold.
    ///
    /// - Parameter files: Files with folds; others are passed over.
    /// - Returns: CSV, which ``Manifest`` reads too.
    package static func text(_ files: [LabeledFile]) -> String {
        let rows = files.compactMap { file -> String? in
            guard let fold = file.fold else { return nil }
            let fields = [
                file.path, file.emotion.rawValue, file.speaker ?? "", file.corpus ?? "", file.sex ?? "", "\(fold)",
            ]
            return fields.map(CSVTable.quoted).joined(separator: ",")
        }
        return (["path,emotion,speaker,corpus,sex,fold"] + rows).joined(separator: "\n") + "\n"
    }

    /// A row of the table.
    private struct Entry {
        var speaker: SpeakerKey
        var path: String?
        var fold: Int

        static func check(_ entries: [Entry], name: String) throws(EvaluationError) {
            // One whose collection is not named may be anybody of that name, so people are compared by name first.
            var leaking: Set<String> = []
            for (speaker, same) in Dictionary(grouping: entries, by: \.speaker.name) {
                let first = Dictionary(grouping: same, by: \.speaker).mapValues { Set($0.map(\.fold)) }
                let isLeak = first.contains { one in
                    one.value.count > 1 || first.contains { $0.key.mayBe(one.key) && $0.value != one.value }
                }
                if isLeak { leaking.insert(speaker) }
            }
            guard leaking.isEmpty else {
                throw EvaluationError(
                    .leak,
                    "the folds of \(name) leak: \(SpeakerLeak.list(leaking)) \(leaking.count == 1 ? "is" : "are") in "
                        + "more than one. A net that knows a voice from training does better on it than on a "
                        + "stranger's. Put each speaker into one fold, or have folds made with --folds N."
                )
            }
            let files = Dictionary(grouping: entries.filter { $0.path != nil }) { $0.path ?? "" }
            if let twice = files.filter({ Set($0.value.map(\.fold)).count > 1 }).keys.min() {
                throw EvaluationError(.leak, "the folds of \(name) leak: \(twice) is in more than one")
            }
        }
    }
}
