import HypeCore

/// How the analysis ran: what was found, how long it took, which settings it had.
struct DetailsSection {
    let document: ReportDocument

    var html: HTML {
        """
        <section aria-labelledby="details-title"><h2 id="details-title">Details</h2>
        <div class="folds">\(media)\(facts)\(timings)\(settings)</div></section>
        """
    }

    private var media: HTML {
        guard let media = document.media else { return .empty }
        var rows = [ReportDocument.Fact("Container", media.container)]
        if let video = media.video {
            let rate = video.frameRate > 0 ? ", \(Format.decimal(video.frameRate, digits: 2)) frames/s" : ""
            let turned = video.rotation == 0 ? "" : ", turned by \(video.rotation)°"
            rows.append(.init("Picture", "\(video.codec), \(video.width)×\(video.height)\(rate)\(turned)"))
        } else {
            rows.append(.init("Picture", "none"))
        }
        if let audio = media.audio {
            let channels = Format.count(audio.channels, "channel", "channels")
            rows.append(.init("Sound", "\(audio.codec), \(audio.sampleRate) Hz, \(channels)"))
        } else {
            rows.append(.init("Sound", "none"))
        }
        return fold("Recording", isOpen: true, list(rows))
    }

    private var facts: HTML {
        document.facts.isEmpty ? .empty : fold("What was found", isOpen: true, list(document.facts))
    }

    private var timings: HTML {
        guard !document.timings.isEmpty else { return .empty }
        let longest = document.timings.map(\.duration.inSeconds).max() ?? 0
        let rows = document.timings.map { timing -> HTML in
            let width = longest > 0 ? Format.percent(timing.duration.inSeconds / longest) : 0
            return """
                <li><span>\(timing.label)</span><span class="bar-track"><i style="width:\(width)%"></i></span>\
                <b>\(Format.span(timing.duration))</b></li>
                """
        }
        return fold("Time it took", isOpen: false, "<ul class=\"timings\">\(rows)</ul>")
    }

    private var settings: HTML {
        guard !document.settings.isEmpty else { return .empty }
        let rows = document.settings.map { setting -> HTML in
            "<tr><td><code>\(setting.key)</code></td><td>\(setting.value)</td><td>\(setting.summary)</td></tr>"
        }
        let table: HTML = """
            <table><thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">What it does</th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
        return fold("Settings", isOpen: false, table)
    }

    private func list(_ facts: [ReportDocument.Fact]) -> HTML {
        "<dl>\(facts.map { fact -> HTML in "<dt>\(fact.label)</dt><dd>\(fact.text)</dd>" })</dl>"
    }

    private func fold(_ title: String, isOpen: Bool, _ content: HTML) -> HTML {
        let open: HTML = isOpen ? " open" : ""
        return "<details class=\"panel\"\(open)><summary>\(title)</summary>\(content)</details>"
    }
}
