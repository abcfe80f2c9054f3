package import Foundation
import HypeEvaluation

/// What `evaluate` found: one document for each collection or manifest.
package struct EvaluationBatch: Sendable {
    /// The collections, in the order in which they were named; at least one.
    package var sets: [EvaluationDocument]
    /// The command that did it, as a shell reads it.
    package var commandLine: String

    /// One line of the table over several collections.
    private struct Row: Encodable {
        var source: String
        var kind: EvaluationReport.Kind
        var n: Int
        var speakers: Int?
        var uar: Double
        var war: Double
        var ece: Double?
        var taught: Int

        init(_ source: String, _ report: EvaluationReport) {
            self.source = source
            kind = report.kind
            n = report.n
            speakers = report.speakers
            uar = report.uar
            war = report.war
            ece = report.ece
            taught = report.taught
        }
    }

    /// The command line of this process, with quotation marks where a shell needs them.
    ///
    /// - Parameter arguments: The program and its arguments.
    /// - Returns: One line; the program is called by its last name.
    package static func commandLine(_ arguments: [String]) -> String {
        let plain = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%"
        )
        let program = arguments.first.map { URL(filePath: $0).lastPathComponent } ?? "hypeclip"
        let words = arguments.dropFirst().map { word in
            guard word.isEmpty || word.unicodeScalars.contains(where: { !plain.contains($0) }) else { return word }
            return "'" + word.replacing("'", with: "'\\''") + "'"
        }
        return ([program] + words).joined(separator: " ")
    }
}

extension EvaluationBatch: Encodable {
    private enum Keys: String, CodingKey {
        case commandLine, sets, table
    }

    /// Writes the document of a single collection at the top, or those of several under `sets` with a `table`.
    package func encode(to encoder: any Encoder) throws {
        if sets.count == 1, let only = sets.first { try only.encode(to: encoder) }
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(commandLine, forKey: .commandLine)
        guard sets.count > 1 else { return }
        try container.encode(sets, forKey: .sets)
        try container.encode(sets.flatMap { set in set.reports.map { Row(set.source, $0) } }, forKey: .table)
    }

    /// The figures as they are printed: sorted keys, readable.
    ///
    /// - Returns: JSON in UTF-8.
    /// - Throws: What the encoder throws.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
