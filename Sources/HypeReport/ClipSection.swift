import Foundation
import HypeCore

/// The clips as cards.
struct ClipSection {
    let document: ReportDocument

    var html: HTML {
        let cards = document.clips.enumerated().map { index, clip in card(clip, number: index + 1) }
        let content: HTML =
            cards.isEmpty
            ? "<p class=\"empty\">No clip was cut: nowhere did two of the three signals agree.</p>"
            : "<div class=\"cards\">\(cards)</div>"
        return """
            <section aria-labelledby="clips-title"><h2 id="clips-title">Clips <span class="count">\(cards.count)</span></h2>
            \(content)</section>
            """
    }

    private func card(_ clip: ReportDocument.Clip, number: Int) -> HTML {
        let plan = clip.plan
        let moments = document.moments.filter { plan.moments.contains($0.id) }
        let url = HTML.relativeURL(clip.file)
        let size: HTML = clip.bytes.map { "<span>\(Format.bytes($0))</span>" } ?? .empty
        let why = moments.map { moment -> HTML in
            """
            <div class="why"><p class="reason">\(moment.reason)</p>\(VoteList(votes: moment.votes).html)
            <a class="jump" href="#moment-\(moment.id)" data-show="\(moment.id)">Show in timeline</a></div>
            """
        }
        return """
            <article class="card \(plan.decision.rawValue)" id="clip-\(number)" tabindex="-1" aria-labelledby="clip-title-\(number)">
            <div class="screen">\(video(clip, url: url, number: number))
            <span class="badge \(plan.decision.rawValue)">\(MomentText.badge(plan.decision))</span>
            <span class="length">\(Format.span(plan.interval.duration))</span></div>
            <div class="body"><h3 id="clip-title-\(number)">Clip \(number)
            <span class="when">\(Format.clock(plan.interval.start))–\(Format.clock(plan.interval.end))</span>
            <span class="score" title="Mean of the three signals">\(Format.percent(plan.score))<small>%</small></span></h3>
            \(why)
            <p class="file"><a href="\(url)" download>\(clip.file)</a>\(size)</p></div></article>
            """
    }

    private func video(_ clip: ReportDocument.Clip, url: String, number: Int) -> HTML {
        let poster: HTML =
            clip.thumbnail.map { " poster=\"data:image/jpeg;base64,\($0.base64EncodedString())\"" } ?? .empty
        let start = Format.decimal(clip.plan.interval.start.seconds, digits: 3)
        return """
            <video controls playsinline preload="none"\(poster) src="\(url)" data-start="\(start)" \
            aria-label="Clip \(number)"></video>
            <button type="button" class="play" aria-label="Play clip \(number)" hidden>\
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14l11-7z"/></svg></button>
            """
    }
}
