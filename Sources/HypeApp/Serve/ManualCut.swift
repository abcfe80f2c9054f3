import Foundation
package import HypeCore
package import HypeMoments
package import HypeServer

/// A clip that a person asked for.
package struct ManualCut: Sendable {
    /// What to cut.
    package let plan: ClipPlan
    /// The headline.
    package let title: String

    /// Plans a clip around a position.
    ///
    /// - Parameters:
    ///   - request: What the person wants; lengths out of range are clamped.
    ///   - position: Where the session is.
    ///   - recording: What there is to cut from.
    ///   - settings: The ordinary lengths.
    package init(
        _ request: TriggerRequest,
        at position: MediaTime,
        within recording: MediaInterval,
        settings: MomentSettings
    ) {
        let before = Self.span(request.before, TriggerRequest.beforeRange) ?? settings.preRoll
        let after = Self.span(request.after, TriggerRequest.afterRange) ?? settings.postRoll
        let interval = MediaInterval(start: position - before, end: position + after)
            .filled(to: settings.shortestClip, within: recording)
            .limited(to: recording)
        plan = ClipPlan(
            interval: interval,
            core: MediaInterval(start: min(position, interval.end), end: min(position, interval.end)),
            moments: [],
            decision: .instant,
            score: 0,
            reason: "asked for by a person"
        )
        let wish = request.title?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        title = wish.isEmpty ? "Clip by hand" : String(wish.prefix(TriggerRequest.longestTitle))
    }

    private static func span(_ seconds: Double?, _ range: ClosedRange<Double>) -> Duration? {
        seconds.map { .seconds(min(max($0, range.lowerBound), range.upperBound)) }
    }
}
