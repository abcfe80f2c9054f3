import HypeCore

/// The three signals, the moments and the clips over the time of the recording.
struct TimelineSection {
    let document: ReportDocument

    var html: HTML {
        """
        <section class="panel timeline" aria-labelledby="timeline-title">
        <div class="panel-head"><h2 id="timeline-title">Timeline</h2>\(legend)
        <div class="zoom" role="group" aria-label="Zoom"><button type="button" data-zoom="-1" aria-label="Zoom out">−</button>\
        <output aria-live="polite">1×</output><button type="button" data-zoom="1" aria-label="Zoom in">+</button></div></div>
        <div class="scroll" tabindex="0" role="group" aria-label="Signals over time, scrolls sideways when zoomed">
        <div class="track">\(bands)\(markerLane)\(SignalKind.allCases.map(lane))\(clipLane)\(axis)
        <div class="playhead" hidden></div><div class="cursor" hidden><span></span></div></div></div>
        \(details)
        </section>
        """
    }

    private var scale: SignalPlot.Scale { SignalPlot.Scale(recording: document.interval) }

    private var legend: HTML {
        """
        <ul class="legend" aria-label="Legend">
        <li><i class="key instant">★</i>all three</li><li><i class="key clip">●</i>two of three</li>
        <li><i class="key miss">○</i>near miss</li><li><i class="key dash"></i>threshold</li>
        <li><i class="key hatch"></i>could not be seen</li><li><i class="key blank"></i>not looked at</li>
        </ul>
        """
    }

    /// Moments by time; the near misses among them.
    private var moments: [Moment] {
        document.moments.sorted { ($0.core.start, $0.id) < ($1.core.start, $1.id) }
    }

    private var bands: HTML {
        moments.filter { $0.decision != .nearMiss }.map { moment -> HTML in
            "<div class=\"band \(moment.decision.rawValue)\" style=\"\(scale.part(moment.core).style)\"></div>"
        }.joined
    }

    private var markerLane: HTML {
        let markers = moments.map { moment -> HTML in
            let left = Format.decimal(scale.fraction(moment.core.midpoint) * 100, digits: 3)
            return """
                <button type="button" class="marker \(moment.decision.rawValue)" style="left:\(left)%" \
                data-moment="\(moment.id)" aria-controls="moment-\(moment.id)" aria-pressed="false" \
                aria-label="\(MomentText.title(moment)) at \(Format.clock(moment.core.start))" \
                title="\(MomentText.title(moment)) · \(Format.clock(moment.core.start))">\(MomentText.symbol(moment))</button>
                """
        }
        return
            "<div class=\"lane marks\"><span class=\"lane-name\">Moments</span><div class=\"plot\">\(markers)</div></div>"
    }

    private func lane(_ kind: SignalKind) -> HTML {
        let lag = kind == .chat ? document.chatLag : .zero
        let own = document.observations.filter { $0.kind == kind }.map { observation in
            var moved = observation
            moved.interval = moved.interval.shifted(by: .zero - lag)
            return moved
        }
        let plot = SignalPlot(own, recording: document.interval)
        let threshold = document.thresholds[kind] ?? 0.5
        let level = SignalPlot.height - Format.percent(threshold)
        let gaps = plot.missing.map { gap -> HTML in
            "<div class=\"gap\" style=\"\(gap.part.style)\" title=\"could not be seen: \(gap.reason)\"></div>"
        }
        let looked = plot.seen.map { part -> HTML in "<div class=\"seen\" style=\"\(part.style)\"></div>" }
        let width = SignalPlot.width
        let height = SignalPlot.height
        return """
            <div class="lane \(kind.rawValue)"><span class="lane-name">\(MomentText.name(kind))\(note(kind, plot))</span>
            <div class="plot">\(looked)
            <svg viewBox="0 0 \(width) \(height)" preserveAspectRatio="none" role="img" \
            aria-label="\(label(kind, plot, threshold: threshold))">
            <clipPath id="loud-\(kind.rawValue)"><rect width="\(width)" height="\(level)"/></clipPath>
            <path class="area" d="\(HTML(markup: plot.area))"/>
            <path class="area loud" clip-path="url(#loud-\(kind.rawValue))" d="\(HTML(markup: plot.area))"/>
            <path class="line" d="\(HTML(markup: plot.line))"/>
            <line class="threshold" x1="0" x2="\(width)" y1="\(level)" y2="\(level)"/></svg>\(gaps)</div></div>
            """
    }

    /// What a person should know about a lane besides its shape.
    private func note(_ kind: SignalKind, _ plot: SignalPlot) -> HTML {
        if plot.seen.isEmpty { return " <small>not looked at</small>" }
        let lag = document.chatLag
        if kind == .chat, lag > .zero { return " <small>moved back \(Format.span(lag)) (chat lag)</small>" }
        guard kind == .face, plot.coverage < 0.98 else { return .empty }
        return " <small>looked at \(Format.percent(plot.coverage)) % of the time (on demand)</small>"
    }

    private func label(_ kind: SignalKind, _ plot: SignalPlot, threshold: Double) -> String {
        let present = document.moments.filter { $0.kinds.contains(kind) }.count
        let name = MomentText.name(kind)
        return "\(name) score from 0 to 100 percent over time, threshold \(Format.percent(threshold)) percent; "
            + "took part in \(Format.count(present, "decision", "decisions")), "
            + "\(Format.count(plot.missing.count, "stretch", "stretches")) could not be seen"
    }

    private var clipLane: HTML {
        let bars = document.clips.enumerated().map { index, clip -> HTML in
            """
            <a class="bar \(clip.plan.decision.rawValue)" href="#clip-\(index + 1)" style="\(scale.part(clip.plan.interval).style)" \
            aria-label="Clip \(index + 1), \(Format.clock(clip.plan.interval.start)) to \(Format.clock(clip.plan.interval.end))">\
            <span>\(index + 1)</span></a>
            """
        }
        return "<div class=\"lane clips\"><span class=\"lane-name\">Clips</span><div class=\"plot\">\(bars)</div></div>"
    }

    private var axis: HTML {
        let start = document.interval.start.seconds
        let end = document.interval.end.seconds
        return
            "<div class=\"axis\" data-start=\"\(Format.decimal(start, digits: 3))\" data-end=\"\(Format.decimal(end, digits: 3))\" aria-hidden=\"true\"></div>"
    }

    private var details: HTML {
        guard !moments.isEmpty else { return .empty }
        let articles = moments.map { moment -> HTML in
            let end = Format.clock(moment.core.end)
            return """
                <article class="detail \(moment.decision.rawValue)" id="moment-\(moment.id)" tabindex="-1">
                <h3><i class="key \(moment.decision.rawValue)">\(MomentText.symbol(moment))</i>\(MomentText.title(moment))
                <span class="when">\(Format.clock(moment.core.start))–\(end)</span>\(link(to: moment))</h3>
                <p class="reason">\(moment.reason)</p>
                \(VoteList(votes: moment.votes).html)
                </article>
                """
        }
        return """
            <p class="hint">Choose a marker to see what the three signals said. Arrow keys go from one to the next.</p>
            <div class="details" aria-live="polite">\(articles)</div>
            """
    }

    private func link(to moment: Moment) -> HTML {
        guard let index = document.clips.firstIndex(where: { $0.plan.moments.contains(moment.id) }) else {
            return .empty
        }
        return "<a class=\"jump\" href=\"#clip-\(index + 1)\">Clip \(index + 1)</a>"
    }
}
