import HypeCore

/// The near misses as a table.
struct NearMissSection {
    let document: ReportDocument

    var html: HTML {
        let misses = document.moments.filter { $0.decision == .nearMiss }
            .sorted { ($0.core.start, $0.id) < ($1.core.start, $1.id) }
        guard !misses.isEmpty else { return .empty }
        return """
            <section aria-labelledby="misses-title"><h2 id="misses-title">Near misses <span class="count">\(misses.count)</span></h2>
            <p class="lead">Places that looked like a moment but were not cut, and why.</p>
            <div class="panel table-wrap"><table><thead><tr><th scope="col">Time</th><th scope="col">Signals</th>\
            <th scope="col">Why not</th></tr></thead><tbody>\(misses.map(row))</tbody></table></div></section>
            """
    }

    private func row(_ moment: Moment) -> HTML {
        let pills = moment.votes.map { vote -> HTML in
            let score = vote.score.map { " \(Format.percent($0)) %" } ?? ""
            let text = vote.state == .missing ? " missing" : (vote.state == .unobserved ? " –" : score)
            return
                "<span class=\"pill \(vote.kind.rawValue) \(vote.state.rawValue)\">\(MomentText.name(vote.kind))\(text)</span>"
        }
        return """
            <tr><td data-label="Time"><a href="#moment-\(moment.id)" data-show="\(moment.id)">\(Format.clock(moment.core.start))</a></td>\
            <td data-label="Signals"><span class="pills">\(pills)</span></td><td data-label="Why not">\(moment.reason)</td></tr>
            """
    }
}
