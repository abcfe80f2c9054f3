import HypeCore
package import HypeEvaluation

/// Draws the figures of an evaluation: confusion matrix, reliability diagram, and accuracy against abstaining.
///
/// One SVG picture that needs nothing else and reads in dark and light; ``page()`` puts it into an HTML page with the
/// figures in words.
package struct EvaluationDrawing: Sendable {
    /// What to draw.
    package struct Content: Sendable {
        /// What was evaluated.
        package var title: String
        /// Figures with the name of what they are of.
        package var rows: [(name: String, report: EvaluationReport)]
        /// What a person should know.
        package var notes: [String]

        /// Creates a content.
        ///
        /// - Parameters:
        ///   - title: What was evaluated.
        ///   - rows: Figures with the name of what they are of, at least one.
        ///   - notes: What a person should know.
        package init(title: String, rows: [(name: String, report: EvaluationReport)], notes: [String]) {
            self.title = title
            self.rows = rows
            self.notes = notes
        }
    }

    private static let width = 1240
    private static let rowHeight = 500

    private let content: Content

    /// Creates a drawing.
    package init(_ content: Content) {
        self.content = content
    }

    /// The picture as SVG in UTF-8.
    package func svg() -> String {
        let height = Self.rowHeight * content.rows.count
        let rows = content.rows.enumerated().map { index, entry -> HTML in
            "<g transform=\"translate(0 \(index * Self.rowHeight))\">\(row(entry.report, name: entry.name))</g>"
        }
        let picture: HTML = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(height)" role="img" \
            aria-label="\(content.title): confusion matrix, reliability and abstention">
            <style>\(HTML(markup: Self.css))</style>
            <rect class="back" width="\(Self.width)" height="\(height)"/>\(rows)</svg>

            """
        return picture.text
    }

    /// A page with the picture and the figures in words.
    package func page() -> String {
        let notes = content.notes.map { note -> HTML in "<li>\(note)</li>" }
        let summaries = content.rows.map { figures($0.report, name: $0.name) }
        let page: HTML = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="dark light">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            base-uri 'none'; form-action 'none'">
            <title>\(content.title) · hypeclip evaluate</title>
            <style>\(HTML(markup: ReportStyle.css))main svg{width:100%;height:auto}</style></head>
            <body><main><header><p class="brand">hypeclip evaluate</p><h1>\(content.title)</h1>\(summaries)</header>
            \(HTML(markup: svg()))
            <section><ul>\(notes)</ul></section></main>
            <footer>Accuracy and UAR count every file that could be read; one without an answer counts as wrong. \
            In brackets: 95 % bootstrap intervals.</footer></body></html>

            """
        return page.text
    }

    private func figures(_ report: EvaluationReport, name: String) -> HTML {
        let interval = report.interval
        let what = content.rows.count > 1 ? "\(name), \(report.kind.noun)" : report.kind.noun
        return """
            <dl class="figures"><div><dt>\(what)</dt><dd>\(report.n)\
            <small>\(report.speakers.map { "\($0) speakers" } ?? "speakers not given")</small></dd></div>
            <div><dt>accuracy</dt><dd>\(Self.percent(report.accuracy)) %<small>\(Self.range(interval.accuracy))</small></dd></div>
            <div><dt>UAR</dt><dd>\(Self.percent(report.uar)) %<small>\(Self.range(interval.uar))</small></dd></div>
            <div><dt>calibration error</dt><dd>\(report.ece.map { Format.decimal($0, digits: 3) } ?? "–")</dd></div>
            <div><dt>without an answer</dt><dd>\(report.unanswered)</dd></div></dl>
            """
    }

    private func row(_ report: EvaluationReport, name: String) -> HTML {
        let what = report.kind.noun
        return """
            <text class="head" x="24" y="36">\(name): \(report.n) \(what), UAR \(Self.percent(report.uar)) % \
            (\(Self.range(report.interval.uar))), accuracy \(Self.percent(report.accuracy)) % \
            (\(Self.range(report.interval.accuracy)))</text>\(taught(report))
            \(ConfusionPanel(report: report).html)\(reliability(report))\(abstention(report))
            """
    }

    /// Says loudly where files taught the net.
    private func taught(_ report: EvaluationReport) -> HTML {
        guard report.taught > 0 else { return .empty }
        return """
            <text class="none" x="24" y="60">\(report.taught) of the files taught the net: this says nothing about \
            strangers.</text>
            """
    }

    // MARK: Curves

    private func reliability(_ report: EvaluationReport) -> HTML {
        let panel = CurvePanel(
            x: 560,
            title: "Reliability" + (report.ece.map { ", ECE " + Format.decimal($0, digits: 3) } ?? ""),
            across: "stated confidence",
            up: "right"
        )
        let most = report.reliability.map(\.count).max() ?? 1
        let bars = report.reliability.map { bin -> HTML in
            let place = panel.place(bin.confidence, Double(bin.count) / Double(most) * 0.25)
            let bottom = panel.place(0, 0).y
            return """
                <rect class="count" x="\(place.x - 9)" y="\(place.y)" width="18" height="\(bottom - place.y)"><title>\
                \(bin.count) answers</title></rect>
                """
        }
        let points = report.reliability.map { panel.place($0.confidence, $0.accuracy) }
        let from = panel.place(0, 0)
        let to = panel.place(1, 1)
        return """
            \(panel.frame)\(bars)<path class="ideal" d="M\(from.x) \(from.y)L\(to.x) \(to.y)"/>
            \(panel.curve(points, kind: "line"))
            """
    }

    private func abstention(_ report: EvaluationReport) -> HTML {
        let panel = CurvePanel(x: 910, title: "Abstaining", across: "part answered", up: "right")
        let kept = report.abstention.filter { $0.accuracy != nil }
        let points = kept.map { panel.place($0.answered, $0.accuracy ?? 0) }
        let marks = kept.filter { $0.threshold == report.threshold }.map { point -> HTML in
            let place = panel.place(point.answered, point.accuracy ?? 0)
            return """
                <circle class="mark" cx="\(place.x)" cy="\(place.y)" r="7"/><text x="\(place.x)" y="\(place.y - 14)" \
                text-anchor="middle">threshold \(Format.decimal(point.threshold, digits: 2))</text>
                """
        }
        return "\(panel.frame)\(panel.curve(points, kind: "line"))\(marks)"
    }

    static func percent(_ part: Double) -> String { Format.decimal(part * 100, digits: 1) }

    static func range(_ bounds: [Double]) -> String { bounds.map(percent).joined(separator: "–") }

    private static let css = """
        .back{fill:#141824}text{fill:#eef0f6;font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}\
        .head{font-size:19px;font-weight:650}.soft{fill:#9aa3b8}.title{font-weight:600;font-size:15px}\
        .cell{fill:#7aa2ff}.grid{stroke:#262d40;fill:none}.ideal{stroke:#8590a6;stroke-dasharray:5 5;fill:none}\
        .line{stroke:#22d3ee;stroke-width:2.5;fill:none}.dot{fill:#22d3ee}.count{fill:#a78bfa;opacity:.45}\
        .mark{fill:none;stroke:#ff5c8a;stroke-width:2.5}.none{fill:#f59e0b}\
        @media (prefers-color-scheme:light){.back{fill:#fff}text{fill:#161a26}.soft{fill:#566075}.cell{fill:#2f62d9}\
        .grid{stroke:#dfe3ec}.line{stroke:#0b8aa3}.dot{fill:#0b8aa3}.count{fill:#7c4ddb}.mark{stroke:#d81f5a}.none{fill:#b45309}}
        """
}

/// The confusion matrix: rows are the truth, cells are parts of their row.
private struct ConfusionPanel {
    let report: EvaluationReport

    var html: HTML {
        let labels = report.labels.map(\.rawValue)
        let side = 360 / max(1, labels.count)
        let (left, top) = (120, 100)
        let cells = labels.indices.flatMap { row in
            let total = max(1, report.perClass[report.labels[row]]?.n ?? 0)
            return labels.indices.map { column -> HTML in
                let count = report.confusion[row][column]
                let part = Double(count) / Double(total)
                let (x, y) = (left + column * side, top + row * side)
                let percent = Format.percent(part)
                return """
                    <rect class="cell" x="\(x)" y="\(y)" width="\(side - 2)" height="\(side - 2)" rx="4" \
                    opacity="\(Format.decimal(0.06 + 0.94 * part, digits: 3))"><title>\(labels[row]) answered as \
                    \(labels[column]): \(count) of \(total)</title></rect>\
                    <text x="\(x + side / 2 - 1)" y="\(y + side / 2 + 4)" text-anchor="middle">\(percent == 0 && count == 0 ? "" : "\(percent)")</text>
                    """
            }
        }
        let names = labels.enumerated().map { index, name -> HTML in
            let middle = index * side + side / 2
            let emotion = report.labels[index]
            let unanswered = report.perClass[emotion]?.unanswered ?? 0
            let none: HTML =
                unanswered == 0
                ? .empty
                : """
                <text class="none" x="\(left + labels.count * side + 4)" y="\(top + middle + 4)">+\(unanswered) none</text>
                """
            return """
                <text x="\(left - 8)" y="\(top + middle + 4)" text-anchor="end">\(name)</text>\
                <text transform="translate(\(left + middle) \(top - 8)) rotate(-35)">\(name)</text>\(none)
                """
        }
        return """
            <text class="soft" x="24" y="\(top + labels.count * side + 24)">Rows: the truth, columns: the answer; percent of the row.</text>
            \(cells)\(names)
            """
    }
}

/// Axes from 0 to 1 and curves in them.
private struct CurvePanel {
    private static let side = 300
    private static let top = 100

    let x: Int
    let title: String
    let across: String
    let up: String

    /// Where a point of the unit square lies.
    func place(_ across: Double, _ up: Double) -> (x: Int, y: Int) {
        let side = Double(Self.side)
        return (x + Int((across * side).rounded()), Self.top + Self.side - Int((up * side).rounded()))
    }

    var frame: HTML {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1].map { value -> HTML in
            let (low, left) = (place(value, 0), place(0, value))
            let label = "\(Format.percent(value))"
            return """
                <path class="grid" d="M\(low.x) \(low.y)V\(Self.top)M\(left.x) \(left.y)H\(x + Self.side)"/>\
                <text class="soft" x="\(low.x)" y="\(low.y + 18)" text-anchor="middle">\(label)</text>\
                <text class="soft" x="\(left.x - 8)" y="\(left.y + 4)" text-anchor="end">\(label)</text>
                """
        }
        return """
            <text class="title" x="\(x)" y="\(Self.top - 16)">\(title)</text>\(ticks)
            <text class="soft" x="\(x + Self.side / 2)" y="\(Self.top + Self.side + 40)" text-anchor="middle">\(across), %</text>
            <text class="soft" transform="translate(\(x - 40) \(Self.top + Self.side / 2)) rotate(-90)" text-anchor="middle">\(up), %</text>
            """
    }

    func curve(_ points: [(x: Int, y: Int)], kind: String) -> HTML {
        let path = points.enumerated().map { "\($0 == 0 ? "M" : "L")\($1.x) \($1.y)" }.joined()
        let dots = points.map { point -> HTML in "<circle class=\"dot\" cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"3.5\"/>"
        }
        return "<path class=\"\(kind)\" d=\"\(path)\"/>\(dots)"
    }
}
