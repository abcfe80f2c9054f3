import Foundation
import HypeCore
import HypeEvaluation

/// The figures of an evaluation for a person at a terminal.
package struct EvaluationText: Sendable {
    private let batch: EvaluationBatch

    /// Creates a text.
    ///
    /// - Parameter batch: What was measured.
    package init(_ batch: EvaluationBatch) {
        self.batch = batch
    }

    /// The text, without a final newline.
    package var text: String {
        let sets = batch.sets.flatMap { document in
            document.reports.map { section($0, document) } + [footer(document)]
        }
        return (sets + (batch.sets.count > 1 ? [overview] : [])).joined(separator: "\n\n")
    }

    /// The table over several collections.
    private var overview: String {
        let entries = batch.sets.flatMap { set in set.reports.map { (name: set.source, report: $0) } }
        let width = max(5, entries.map(\.name.count).max() ?? 0) + 2
        let line = { (name: String, cells: [String]) in
            let widths = [7, 10, 20, 20, 8]
            let columns = zip(cells, widths).map { $0.leftPadded($1) }.joined()
            return name.padding(toLength: width, withPad: " ", startingAt: 0) + columns
        }
        let rows = entries.map { name, report in
            let cells = [
                "\(report.n)", report.speakers.map(String.init) ?? "–",
                "\(Self.percent(report.uar)) (\(Self.range(report.interval.uar)))",
                "\(Self.percent(report.war)) (\(Self.range(report.interval.accuracy)))",
                report.ece.map { String(format: "%.3f", $0) } ?? "–",
            ]
            return line(name, cells) + (report.taught > 0 ? "  TAUGHT THE NET" : "")
        }
        return ([line("set", ["files", "speakers", "UAR %", "WAR %", "ECE"])] + rows).joined(separator: "\n")
    }

    private func section(_ report: EvaluationReport, _ document: EvaluationDocument) -> String {
        [
            headline(report, document), warning(report), figures(report), matrix(report), classes(report),
            breakdown(report), folds(report), abstention(report),
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func headline(_ report: EvaluationReport, _ document: EvaluationDocument) -> String {
        let people = report.speakers.map { " of \($0) \($0 == 1 ? "speaker" : "speakers")" } ?? ""
        let models = document.models.filter { report.kind.models.contains($0.name) }
        let by = models.map { ", \($0.name) \($0.version) (\($0.sha256.prefix(8)))" }.joined()
        return "\(document.source): \(report.n) \(report.kind.noun)\(people)\(by)"
    }

    private func warning(_ report: EvaluationReport) -> String {
        guard report.taught > 0 else { return "" }
        return """
            !! \(report.taught) of these \(report.n) files are of speakers or pictures that taught the net.
            !! The figures say nothing about strangers.
            """
    }

    private func folds(_ report: EvaluationReport) -> String {
        guard let spread = report.folds else { return "" }
        let rows = report.byFold.map { fold in
            let cells = [
                "\(fold.n)".leftPadded(9), Self.percent(fold.accuracy).leftPadded(11),
                Self.percent(fold.uar).leftPadded(9),
                (fold.ece.map { String(format: "%.3f", $0) } ?? "–").leftPadded(9),
            ]
            return fold.name.padding(toLength: 15, withPad: " ", startingAt: 0) + cells.joined()
        }
        let deviation = spread.uarDeviation.map { ", standard deviation \(Self.percent($0)) points" } ?? ""
        let mean = "Mean UAR of \(spread.count) folds: \(Self.percent(spread.uarMean)) %\(deviation)."
        return (["fold               files   accuracy      UAR      ECE"] + rows + [mean]).joined(separator: "\n")
    }

    private func figures(_ report: EvaluationReport) -> String {
        let interval = report.interval
        var lines = [
            "accuracy (WAR)  \(Self.percent(report.accuracy)) %  (\(Self.range(interval.accuracy)))",
            "UAR             \(Self.percent(report.uar)) %  (\(Self.range(interval.uar)))",
        ]
        if let ece = report.ece {
            let bounds =
                interval.ece.map { "  (\($0.map { String(format: "%.3f", $0) }.joined(separator: "–")))" } ?? ""
            lines.append("ECE             \(String(format: "%.3f", ece))\(bounds)")
        }
        lines.append(
            "In brackets: 95 % interval, bootstrap over \(interval.groups) \(interval.by)s, \(interval.rounds) draws."
        )
        if let answered = report.answered {
            lines.append(
                "\(report.unanswered) files have no answer (\(report.kind.noAnswer)) and count as wrong. Of the \(answered.n) others: "
                    + "accuracy \(Self.percent(answered.accuracy)) %, UAR \(Self.percent(answered.uar)) %."
            )
        }
        return lines.joined(separator: "\n")
    }

    private func matrix(_ report: EvaluationReport) -> String {
        let names = report.labels.map(\.rawValue)
        let hasNone = report.unanswered > 0
        var lines = ["true \\ answered" + names.map { $0.leftPadded(10) }.joined() + (hasNone ? "      none" : "")]
        for (row, emotion) in report.labels.enumerated() {
            let counts = report.confusion[row].map { ($0 == 0 ? "·" : "\($0)").leftPadded(10) }.joined()
            let none = report.perClass[emotion]?.unanswered ?? 0
            lines.append(
                emotion.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0) + counts
                    + (hasNone ? "\(none == 0 ? "·" : "\(none)")".leftPadded(10) : "")
            )
        }
        return lines.joined(separator: "\n")
    }

    private func classes(_ report: EvaluationReport) -> String {
        let header = "class              files  precision   recall       F1"
        let rows = report.labels.compactMap { emotion -> String? in
            guard let figures = report.perClass[emotion] else { return nil }
            let values = [figures.precision, figures.recall, figures.f1]
                .map { ($0.map(Self.percent) ?? "–").leftPadded(9) }.joined()
            return emotion.rawValue.padding(toLength: 15, withPad: " ", startingAt: 0) + "\(figures.n)".leftPadded(9)
                + "  "
                + values
        }
        return ([header] + rows).joined(separator: "\n")
    }

    private func breakdown(_ report: EvaluationReport) -> String {
        let parts = (report.byCorpus.count > 1 ? report.byCorpus : []) + report.bySex
        guard !parts.isEmpty else { return "" }
        let rows = parts.map { part in
            part.name.padding(toLength: max(15, part.name.count), withPad: " ", startingAt: 0)
                + "\(part.n)".leftPadded(9) + Self.percent(part.accuracy).leftPadded(11)
                + Self.percent(part.uar).leftPadded(9)
                + (part.ece.map { String(format: "%.3f", $0) } ?? "–").leftPadded(9)
        }
        return (["part               files   accuracy      UAR      ECE"] + rows).joined(separator: "\n")
    }

    private func abstention(_ report: EvaluationReport) -> String {
        let rows = report.abstention.map { point in
            let mark = point.threshold == report.threshold ? "  ← threshold of the model" : ""
            return String(format: "%.2f", point.threshold).leftPadded(15) + Self.percent(point.answered).leftPadded(9)
                + (point.accuracy.map(Self.percent) ?? "–").leftPadded(11) + mark
        }
        return (["from confidence answered      right"] + rows).joined(separator: "\n")
    }

    private func footer(_ document: EvaluationDocument) -> String {
        var lines: [String] = []
        if !document.leftOut.isEmpty {
            let list = document.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("Left out, none of the classes: \(list.joined(separator: ", ")).")
        }
        if !document.skipped.isEmpty {
            lines.append("\(document.skipped.count) files were not judged:")
            lines += document.skipped.prefix(10).map { "  \($0.file): \($0.reason)" }
            if document.skipped.count > 10 { lines.append("  … all of them with --json") }
        }
        if !document.unreadable.isEmpty {
            lines.append("\(document.unreadable.count) files could not be read and are not counted:")
            lines += document.unreadable.prefix(10).map { "  \($0.reason)" }
            if document.unreadable.count > 10 { lines.append("  … all of them with --json") }
        }
        if !document.unanswered.isEmpty {
            lines.append("Without an answer:")
            lines += document.unanswered.prefix(10).map { "  \($0)" }
            if document.unanswered.count > 10 {
                lines.append("  … \(EvaluationDocument.longestList) of them with --json")
            }
        }
        lines += document.notes
        lines.append(String(format: "%.1f s, %.0f files a second.", document.seconds, document.filesPerSecond))
        return lines.joined(separator: "\n")
    }

    private static func percent(_ part: Double) -> String { String(format: "%.1f", 100 * part) }

    private static func range(_ bounds: [Double]) -> String { bounds.map(percent).joined(separator: "–") }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
