import Foundation

extension Dataset {
    /// Finds the labelled files of a folder and all folders in it.
    ///
    /// - Parameters:
    ///   - folder: The collection, or a part of it.
    ///   - options: What is judged and which labels count.
    /// - Returns: The files in the order of their paths, and what was left out.
    /// - Throws: ``EvaluationError``, with code `.nothing` and an example of the names where no file fits.
    package func files(in folder: String, options: DatasetOptions = DatasetOptions()) throws -> LabeledFiles {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw EvaluationError(.unreadable, "\(folder) is not a folder; name the one that holds \(rawValue)")
        }
        guard let walker = FileManager.default.enumerator(atPath: folder) else {
            throw EvaluationError(.unreadable, "\(folder) cannot be read; give this user the right to read it")
        }
        let names = walker.compactMap { $0 as? String }
        let tables = self == .cremaD ? try Self.tables(in: folder, names: names, options.labelling) : CremaTables()
        var result = try DatasetReader(self, options: options, tables: tables).files(names, in: folder)
        if self != .cremaD, options.labelling != .intended, !isPictures {
            result.notes.append("\(rawValue) has no votes of a crowd; the intended emotions were used.")
        }
        try Self.leaveOutPointers(&result)
        return result
    }

    /// Reads the tables of CREMA-D in its folder, all folders in it, and those around it.
    private static func tables(in folder: String, names: [String], _ labelling: Labelling) throws -> CremaTables {
        func text(_ name: String, _ places: String...) -> String? {
            let inside = names.sorted().first { $0.split(separator: "/").last == name[...] }.map { [folder + "/" + $0] }
            let paths = inside ?? places.map { "\(folder)/../\($0)\(name)" }
            return paths.lazy.compactMap { FileManager.default.contents(atPath: $0) }.first
                .map { String(decoding: $0, as: UTF8.self) }
        }
        var tables = CremaTables()
        if let demographics = text("VideoDemographics.csv", "") { tables.read(demographics: demographics) }
        guard labelling != .intended else { return tables }
        if let summary = text("summaryTable.csv", "processedResults/", "") {
            tables.read(summary: summary, labelling: labelling)
        }
        if tables.votes.isEmpty, let responses = text("finishedResponses.csv", "") {
            tables.read(responses: responses, labelling: labelling)
        }
        guard !tables.votes.isEmpty else {
            throw EvaluationError(
                .votes,
                "--labelling \(labelling.rawValue) needs the crowd's answers, processedResults/summaryTable.csv or "
                    + "finishedResponses.csv of CREMA-D, in \(folder) or beside it. They come with the collection; "
                    + "without them, use --labelling intended."
            )
        }
        return tables
    }

    /// Takes out the text files that stand for recordings where Git LFS did not fetch them.
    private static func leaveOutPointers(_ result: inout LabeledFiles) throws {
        let pointers = Set(result.files.map(\.path).filter(isPointer))
        guard !pointers.isEmpty else { return }
        guard pointers.count < result.files.count else {
            throw EvaluationError(
                .nothing,
                "all \(pointers.count) recordings are Git LFS pointers, not the recordings themselves. "
                    + "Run `git lfs pull` in the collection's folder."
            )
        }
        result.files.removeAll { pointers.contains($0.path) }
        result.skipped += pointers.sorted().map {
            SkippedFile(file: $0, reason: "a Git LFS pointer, not the recording; run `git lfs pull`")
        }
    }

    private static func isPointer(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = (attributes?[.size] as? NSNumber)?.intValue, (1..<1024).contains(size),
            let data = FileManager.default.contents(atPath: path)
        else { return false }
        return data.starts(with: Data("version https://git-lfs.github.com/spec/".utf8))
    }
}
