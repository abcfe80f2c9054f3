import HypeCore

/// Writes a report as one page that needs nothing else: no server, no network, no further files but the clips.
///
/// All text from outside (chat, file names, reasons) is escaped. The page's content security policy forbids every
/// connection; images are inside, and clips play from their relative paths.
package struct ReportPage: Sendable {
    private let document: ReportDocument

    /// Creates a page.
    package init(_ document: ReportDocument) {
        self.document = document
    }

    /// The page as HTML in UTF-8.
    package func render() -> String {
        let page: HTML = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="dark light">
            <meta name="generator" content="\(document.generator)">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
            media-src 'self' file:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <title>\(document.name) · hype moments</title>
            <style>\(HTML(markup: ReportStyle.css))</style></head>
            <body><a class="skip" href="#clips-title">Skip to the clips</a>
            <main>\(header)\(warnings)\(TimelineSection(document: document).html)\(ClipSection(document: document).html)
            \(NearMissSection(document: document).html)\(DetailsSection(document: document).html)</main>
            <footer>Made by \(document.generator) on this machine. Nothing on this page leaves it.</footer>
            <script>\(HTML(markup: ReportScript.javaScript))</script></body></html>

            """
        return page.text
    }

    private var header: HTML {
        let clips = document.clips
        let moments = document.moments.filter { $0.decision != .nearMiss }
        let instant = moments.filter { $0.decision == .instant }.count
        let kept = clips.reduce(Duration.zero) { $0 + $1.plan.interval.duration }
        return """
            <header><p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 14l4-6 4 9 4-14 3 11 3-4"/></svg>hypeclip</p>
            <h1>\(document.name)</h1>
            <dl class="figures">\(figure("Recording", Format.span(document.interval.duration)))
            \(figure("Clips", "\(clips.count)", note: clips.isEmpty ? nil : "\(Format.span(kept)) in all"))
            \(figure("Moments", "\(moments.count)", note: instant > 0 ? "\(instant) with all three signals" : nil))
            \(figure("Near misses", "\(document.moments.count - moments.count)"))\(speed)</dl></header>
            """
    }

    private var speed: HTML {
        guard let spent = document.elapsed?.inSeconds, spent > 0 else { return .empty }
        let factor = document.interval.duration.inSeconds / spent
        return figure("Speed", "\(Format.decimal(factor, digits: factor < 10 ? 1 : 0))×", note: "real time")
    }

    private func figure(_ label: String, _ value: String, note: String? = nil) -> HTML {
        let small: HTML = note.map { "<small>\($0)</small>" } ?? .empty
        return "<div><dt>\(label)</dt><dd>\(value)\(small)</dd></div>"
    }

    private var warnings: HTML {
        guard !document.warnings.isEmpty else { return .empty }
        let items = document.warnings.map { warning -> HTML in "<li>\(warning)</li>" }
        return "<section class=\"warnings\" aria-label=\"Warnings\"><h2>Please note</h2><ul>\(items)</ul></section>"
    }
}
