package import HypeCore

/// Turns moments into clips that neither overlap nor repeat.
///
/// Each clip reaches from ``MomentSettings/preRoll`` before its moment to ``MomentSettings/postRoll`` after it. Start and
/// end move by up to ``MomentSettings/snap`` to fall into a pause between words, never into the moment itself. Clips that
/// would overlap become one where that is short enough; else they meet between their moments.
package struct ClipPlanner: Sendable {
    /// Distance that is kept from speech when a clip starts or ends in a pause.
    ///
    /// A breath before the first word sounds natural, and voice activity detection is only exact to 32 ms.
    package static let breath: Duration = .milliseconds(150)

    /// The lengths.
    package let settings: MomentSettings

    /// Creates a planner.
    ///
    /// - Parameter settings: The lengths; check them with ``MomentSettings/validate()`` first.
    package init(settings: MomentSettings = MomentSettings()) {
        self.settings = settings
    }

    /// Plans the clips of a recording.
    ///
    /// - Parameters:
    ///   - moments: Settled moments in any order; near misses are left out.
    ///   - speech: Where somebody speaks, in any order; empty where that is not known, which leaves all cuts in place.
    ///   - recording: What there is to cut from.
    /// - Returns: Plans in the order of time.
    package func plan(_ moments: [Moment], speech: [MediaInterval], recording: MediaInterval) -> [ClipPlan] {
        let pauses = SpeechPauses(speech: speech, within: recording)
        let drafts = moments.filter { $0.decision != .nearMiss }
            .sorted { ($0.core.start, $0.core.end, $0.id) < ($1.core.start, $1.core.end, $1.id) }
            .compactMap { draft($0, pauses: pauses, recording: recording) }
        return merge(drafts, pauses: pauses).map(\.plan)
    }

    private func draft(_ moment: Moment, pauses: SpeechPauses, recording: MediaInterval) -> ClipDraft? {
        let shortened = shortened(moment)
        guard let core = shortened.intersection(recording) else { return nil }
        var notes: [String] = []
        if shortened != moment.core { notes.append("cut to its strongest part") }

        let room = max(.zero, settings.longestClip - core.duration)
        let rolls = settings.preRoll + settings.postRoll
        let fit = rolls > room ? room.inSeconds / max(rolls.inSeconds, 1e-9) : 1
        var interval = core.expanded(before: settings.preRoll * fit, after: settings.postRoll * fit)
        interval = interval.filled(to: settings.shortestClip, within: recording)
        interval = snapped(interval, around: core, pauses: pauses, notes: &notes).limited(to: recording)
        return ClipDraft(interval: interval, core: core, moments: [moment], notes: notes)
    }

    /// The part of a moment that fits into a clip: the stretch with the most and highest votes, the earliest of equals.
    private func shortened(_ moment: Moment) -> MediaInterval {
        let room = settings.longestClip - settings.preRoll - settings.postRoll
        let longest = max(room, settings.longestClip * 0.5)
        guard moment.core.duration > longest else { return moment.core }
        let votes = moment.votes.filter { $0.state == .present }
        let starts =
            [moment.core.start, moment.core.end - longest]
            + votes.compactMap(\.interval).flatMap { [$0.start, $0.end - longest] }
        let windows = starts.sorted()
            .filter { $0 >= moment.core.start && $0 + longest <= moment.core.end }
            .map { MediaInterval(start: $0, end: $0 + longest) }
        return windows.reduce((window: MediaInterval?.none, worth: -1.0)) { best, window in
            let worth = votes.reduce(0.0) { sum, vote in
                let shared = vote.interval?.intersection(window)?.duration.inSeconds ?? 0
                return sum + shared * (vote.score ?? 0)
            }
            return worth > best.worth + 1e-9 ? (window, worth) : best
        }.window ?? MediaInterval(start: moment.core.start, end: moment.core.start + longest)
    }

    private func snapped(
        _ interval: MediaInterval,
        around core: MediaInterval,
        pauses: SpeechPauses,
        notes: inout [String]
    ) -> MediaInterval {
        let starts = interval.start - settings.snap...min(core.start, interval.start + settings.snap)
        let ends = max(core.end, interval.end - settings.snap)...interval.end + settings.snap
        let start = pauses.nearest(to: interval.start, in: starts, breath: Self.breath)
        let end = pauses.nearest(to: interval.end, in: ends, breath: Self.breath)
        let wanted = MediaInterval(start: start ?? interval.start, end: end ?? interval.end)
        guard wanted.duration <= settings.longestClip,
            wanted.duration >= min(settings.shortestClip, interval.duration)
        else { return interval }
        if wanted.start != interval.start { notes.append("start moved to a speech pause") }
        if wanted.end != interval.end { notes.append("end moved to a speech pause") }
        return wanted
    }

    /// Makes one of clips that overlap, or lets them meet between their moments.
    private func merge(_ drafts: [ClipDraft], pauses: SpeechPauses) -> [ClipDraft] {
        drafts.reduce(into: []) { merged, next in
            guard let last = merged.last, last.interval.touches(next.interval) else {
                merged.append(next)
                return
            }
            let whole = last.merged(with: next)
            if whole.interval.duration <= settings.longestClip {
                merged[merged.count - 1] = whole
                return
            }
            let boundary = boundary(between: last, and: next, pauses: pauses)
            merged[merged.count - 1].endEarlier(at: boundary)
            var later = next
            later.startLater(at: boundary)
            if later.core.duration > .zero {
                merged.append(later)
            } else {
                merged[merged.count - 1].adopt(next)
            }
        }
    }

    private func boundary(between left: ClipDraft, and right: ClipDraft, pauses: SpeechPauses) -> MediaTime {
        guard left.core.end < right.core.start else { return left.core.end }
        let wish = min(max(right.interval.start, left.core.end), right.core.start)
        let allowed = max(left.core.end, wish - settings.snap)...min(right.core.start, wish + settings.snap)
        return pauses.nearest(to: wish, in: allowed, breath: .zero) ?? wish
    }
}
