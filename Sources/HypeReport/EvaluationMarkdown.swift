import HypeCore
package import HypeEvaluation

/// Writes evaluations down as Markdown: figures with intervals, classes, confusions, what was left out and why, and how
/// to do it again.
///
/// Text of foreign files (names, reasons) is escaped, so that it can neither break a table nor be taken for markup.
package struct EvaluationMarkdown: Sendable {
    /// One collection or manifest.
    package struct Part: Sendable {
        /// What was evaluated.
        package var name: String
        /// Figures of each kind of files.
        package var reports: [EvaluationReport]
        /// Name, version and SHA-256 of the models that answered.
        package var models: [(name: String, version: String, sha256: String)]
        /// Files of the collection that were not judged, and why.
        package var skipped: [SkippedFile]
        /// Files that could not be read, and why.
        package var unreadable: [SkippedFile]
        /// Labels that are none of the classes, with the number of their files.
        package var leftOut: [String: Int]
        /// What a person should know.
        package var notes: [String]
        /// File name of the drawing beside the text, or nil.
        package var picture: String?

        /// Creates a part.
        package init(
            name: String,
            reports: [EvaluationReport],
            models: [(name: String, version: String, sha256: String)],
            skipped: [SkippedFile],
            unreadable: [SkippedFile],
            leftOut: [String: Int],
            notes: [String],
            picture: String?
        ) {
            self.name = name
            self.reports = reports
            self.models = models
            self.skipped = skipped
            self.unreadable = unreadable
            self.leftOut = leftOut
            self.notes = notes
            self.picture = picture
        }
    }

    /// Files that are listed by name at most, of each kind.
    private static let longestList = 200

    private let parts: [Part]
    private let commandLine: String

    /// Creates a text.
    ///
    /// - Parameters:
    ///   - parts: What was evaluated, at least one.
    ///   - commandLine: The command that did it.
    package init(_ parts: [Part], commandLine: String) {
        self.parts = parts
        self.commandLine = commandLine
    }

    /// The text, with a final newline.
    package var text: String {
        let title = "# Evaluation of \(parts.map { Self.plain($0.name) }.joined(separator: ", "))"
        let command = "```sh\n\(commandLine.replacing("```", with: "` ` `"))\n```"
        let table = parts.count > 1 ? [Self.overview(parts)] : []
        let footer = """
            WAR is the accuracy, UAR the mean over the classes of the part of their files that is right, ECE the \
            calibration error. A file without an answer counts as wrong. In brackets: 95 % bootstrap intervals.
            """
        return ([title, command] + table + parts.flatMap(section) + [footer]).joined(separator: "\n\n") + "\n"
    }

    // MARK: Sections

    private static func overview(_ parts: [Part]) -> String {
        let rows = parts.flatMap { part in
            part.reports.map { report in
                [
                    plain(part.name), report.kind.noun, "\(report.n)", report.speakers.map(String.init) ?? "–",
                    "\(percent(report.uar)) (\(range(report.interval.uar)))",
                    "\(percent(report.war)) (\(range(report.interval.accuracy)))", ece(report),
                    report.taught > 0 ? "**\(report.taught) files**" : "none known",
                ]
            }
        }
        return grid(["set", "what", "files", "speakers", "UAR %", "WAR %", "ECE", "taught the net"], rows, words: 2)
    }

    private func section(_ part: Part) -> [String] {
        var blocks = ["## \(Self.plain(part.name))"]
        blocks += part.reports.flatMap(Self.figures)
        if let picture = part.picture {
            blocks.append("![Confusion, reliability and abstaining](\(Self.link(picture)))")
        }
        blocks.append(
            Self.grid(
                ["model", "version", "SHA-256"],
                part.models.map { [Self.plain($0.name), Self.plain($0.version), "`\($0.sha256)`"] },
                words: 3
            )
        )
        if !part.leftOut.isEmpty {
            let list = part.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \(Self.plain($0.key))" }
            blocks.append("Left out, none of the classes: \(list.joined(separator: ", ")).")
        }
        blocks += Self.list(part.skipped, title: "Not judged")
        blocks += Self.list(part.unreadable, title: "Could not be read, not counted")
        if !part.notes.isEmpty { blocks.append(part.notes.map { "- \(Self.plain($0))" }.joined(separator: "\n")) }
        return blocks
    }

    private static func figures(_ report: EvaluationReport) -> [String] {
        let interval = report.interval
        let people = report.speakers.map { ", \($0) speakers" } ?? ""
        var blocks = ["### \(report.n) \(report.kind.noun)\(people)"]
        if report.taught > 0 {
            blocks.append(
                "**\(report.taught) of these files are of speakers or pictures that taught the net. "
                    + "The figures say nothing about strangers.**"
            )
        }
        blocks.append(
            grid(
                ["figure", "value", "95 % interval"],
                [
                    ["UAR", "\(percent(report.uar)) %", range(interval.uar)],
                    ["WAR (accuracy)", "\(percent(report.war)) %", range(interval.accuracy)],
                    [
                        "ECE", ece(report),
                        interval.ece.map { $0.map { Format.decimal($0, digits: 3) }.joined(separator: "–") } ?? "–",
                    ],
                    ["without an answer (\(report.kind.noAnswer))", "\(report.unanswered)", ""],
                ],
                words: 1
            )
        )
        blocks.append("Intervals: bootstrap over \(interval.groups) \(interval.by)s, \(interval.rounds) draws.")
        blocks.append(classes(report))
        blocks.append(confusion(report))
        let apart = (report.byCorpus.count > 1 ? report.byCorpus : []) + report.bySex
        if !apart.isEmpty { blocks.append(partTable("part", apart)) }
        if let spread = report.folds {
            blocks.append(partTable("fold", report.byFold))
            let deviation = spread.uarDeviation.map { ", standard deviation \(percent($0)) points" } ?? ""
            blocks.append("Mean UAR of \(spread.count) folds: \(percent(spread.uarMean)) %\(deviation).")
        }
        return blocks
    }

    private static func classes(_ report: EvaluationReport) -> String {
        let rows = report.labels.compactMap { emotion in
            report.perClass[emotion].map { figures in
                [emotion.rawValue, "\(figures.n)"]
                    + [figures.precision, figures.recall, figures.f1].map { $0.map(percent) ?? "–" }
            }
        }
        return grid(["class", "files", "precision %", "recall %", "F1 %"], rows, words: 1)
    }

    private static func confusion(_ report: EvaluationReport) -> String {
        let rows = report.labels.enumerated().map { row, emotion in
            [emotion.rawValue] + report.confusion[row].map(String.init)
                + ["\(report.perClass[emotion]?.unanswered ?? 0)"]
        }
        return grid(["true \\ answered"] + report.labels.map(\.rawValue) + ["none"], rows, words: 1)
    }

    private static func partTable(_ name: String, _ parts: [EvaluationReport.Part]) -> String {
        let rows = parts.map { part in
            [
                plain(part.name), "\(part.n)", percent(part.uar), percent(part.accuracy),
                part.ece.map { Format.decimal($0, digits: 3) } ?? "–",
            ]
        }
        return grid([name, "files", "UAR %", "WAR %", "ECE"], rows, words: 1)
    }

    private static func list(_ files: [SkippedFile], title: String) -> [String] {
        guard !files.isEmpty else { return [] }
        var rows = files.prefix(longestList).map { "- \(plain($0.file)): \(plain($0.reason))" }
        if files.count > longestList {
            rows.append("- … and \(files.count - longestList) more; all of them with --json")
        }
        return ["#### \(title): \(files.count) files", rows.joined(separator: "\n")]
    }

    // MARK: Markup

    /// A table; the first `words` columns are words, the others numbers.
    private static func grid(_ head: [String], _ rows: [[String]], words: Int) -> String {
        let rule = head.indices.map { $0 < words ? "---" : "---:" }
        return ([head, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    /// Foreign text without what Markdown or HTML would act upon.
    static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "!": result += "\\\(scalar)"
            case let control where control.value < 32 || control.value == 127: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func link(_ name: String) -> String {
        let safe = name.unicodeScalars.map { scalar -> String in
            let isPlain =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "-._~".unicodeScalars.contains(scalar)
            guard !isPlain else { return String(scalar) }
            return String(scalar).utf8.map { byte in
                let hex = String(byte, radix: 16, uppercase: true)
                return byte < 16 ? "%0\(hex)" : "%\(hex)"
            }
            .joined()
        }
        return safe.joined()
    }

    private static func percent(_ part: Double) -> String { Format.decimal(part * 100, digits: 1) }

    private static func range(_ bounds: [Double]) -> String { bounds.map(percent).joined(separator: "–") }

    private static func ece(_ report: EvaluationReport) -> String {
        report.ece.map { Format.decimal($0, digits: 3) } ?? "–"
    }
}
