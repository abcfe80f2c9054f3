import Foundation
import HypeCore
import HypeEvaluation

/// The figures of an evaluation for a person at a terminal.
package struct EvaluationText: Sendable {
    private let document: EvaluationDocument

    /// Creates a text.
    ///
    /// - Parameter document: What was measured.
    package init(_ document: EvaluationDocument) {
        self.document = document
    }

    /// The text, without a final newline.
    package var text: String {
        (document.reports.map(section) + [footer]).joined(separator: "\n\n")
    }

    private func section(_ report: EvaluationReport) -> String {
        [headline(report), figures(report), matrix(report), classes(report), breakdown(report), abstention(report)]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func headline(_ report: EvaluationReport) -> String {
        let what = report.kind == .picture ? "pictures" : "sounds"
        let people = report.speakers.map { " of \($0) \($0 == 1 ? "speaker" : "speakers")" } ?? ""
        let model = document.models.first { ($0.name == "face-expression") == (report.kind == .picture) }
        let by = model.map { ", \($0.name) \($0.version) (\($0.sha256.prefix(8)))" } ?? ""
        return "\(document.source): \(report.n) \(what)\(people)\(by)"
    }

    private func figures(_ report: EvaluationReport) -> String {
        let interval = report.interval
        var lines = [
            "accuracy (WAR)  \(Self.percent(report.accuracy)) %  (\(Self.range(interval.accuracy)))",
            "UAR             \(Self.percent(report.uar)) %  (\(Self.range(interval.uar)))",
        ]
        if let ece = report.ece { lines.append("ECE             \(String(format: "%.3f", ece))") }
        lines.append(
            "In brackets: 95 % interval, bootstrap over \(interval.groups) \(interval.by)s, \(interval.rounds) draws."
        )
        if let answered = report.answered {
            let why = report.kind == .picture ? "no face was found" : "nobody speaks"
            lines.append(
                "\(report.unanswered) files have no answer (\(why)) and count as wrong. Of the \(answered.n) others: "
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

    private var footer: String {
        var lines: [String] = []
        if !document.leftOut.isEmpty {
            let list = document.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("Left out, none of the classes: \(list.joined(separator: ", ")).")
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
