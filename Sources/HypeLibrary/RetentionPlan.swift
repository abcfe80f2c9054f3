package import Foundation
package import HypeCore
package import HypeStore

/// Which clips have to go, and why.
///
/// A pure function of what there is. The oldest go first; clips that a person keeps are never among the candidates.
package struct RetentionPlan: Hashable, Sendable {
    /// A clip that may be deleted.
    package struct Candidate: Hashable, Sendable {
        /// Identifier.
        package var id: String
        /// When it was cut.
        package var createdAt: Date
        /// Size of its files.
        package var bytes: Int64

        /// Creates a candidate.
        package init(id: String, createdAt: Date, bytes: Int64) {
            self.id = id
            self.createdAt = createdAt
            self.bytes = bytes
        }

        /// Creates a candidate from a clip.
        package init(_ clip: Clip) {
            self.init(
                id: clip.id,
                createdAt: clip.createdAt,
                bytes: (clip.files.video?.bytes ?? 0) + (clip.files.thumbnail?.bytes ?? 0)
            )
        }
    }

    /// What there is.
    package struct Situation: Hashable, Sendable {
        /// All clips, those to be kept among them.
        package var totals: ClipTotals
        /// Free bytes of the disk; nil where they are not known, which switches that limit off.
        package var free: Int64?
        /// The wall clock.
        package var now: Date

        /// Creates a situation.
        package init(totals: ClipTotals, free: Int64?, now: Date) {
            self.totals = totals
            self.free = free
            self.now = now
        }
    }

    /// A clip to delete.
    package struct Step: Hashable, Sendable {
        /// Identifier of the clip.
        package var id: String
        /// The first limit, in the order age, count, bytes, free space, that it breaks.
        package var cause: Deletion.Cause

        /// Creates a step.
        package init(id: String, cause: Deletion.Cause) {
            self.id = id
            self.cause = cause
        }
    }

    /// What to delete, in this order.
    package private(set) var steps: [Step] = []
    /// Limits that are still broken after all steps, because what is left is kept, too fresh or not known here.
    package private(set) var unmet: [Deletion.Cause] = []

    /// Makes a plan.
    ///
    /// Space counts as free as soon as a clip is deleted, although the system may give it back later, when the last player
    /// has closed the file; measuring again at once would delete too much.
    ///
    /// - Parameters:
    ///   - candidates: Clips that may be deleted, the oldest first; may be only the oldest of all that there are.
    ///   - situation: What there is.
    ///   - settings: The limits.
    package init(candidates: [Candidate], situation: Situation, settings: RetentionSettings) {
        var rest = situation
        for candidate in candidates {
            guard let cause = Self.cause(candidate, rest, settings) else { break }
            steps.append(Step(id: candidate.id, cause: cause))
            rest.totals.clips -= 1
            rest.totals.bytes -= candidate.bytes
            rest.free = rest.free.map { free in
                let (sum, isTooMuch) = free.addingReportingOverflow(candidate.bytes)
                return isTooMuch ? .max : sum
            }
        }
        if let limit = settings.clipCount, rest.totals.clips > limit { unmet.append(.count) }
        if let limit = settings.clipBytes, rest.totals.bytes > limit { unmet.append(.bytes) }
        if Self.isLow(rest, settings) { unmet.append(.lowDisk) }
    }

    /// Why a clip has to go; nil where it may stay.
    private static func cause(
        _ candidate: Candidate,
        _ situation: Situation,
        _ settings: RetentionSettings
    ) -> Deletion.Cause? {
        let age = situation.now.timeIntervalSince(candidate.createdAt)
        if age >= settings.grace.inSeconds {
            if let limit = settings.clipAge, age > limit.inSeconds { return .age }
            if let limit = settings.clipCount, situation.totals.clips > limit { return .count }
            if let limit = settings.clipBytes, situation.totals.bytes > limit { return .bytes }
        }
        return isLow(situation, settings) ? .lowDisk : nil
    }

    private static func isLow(_ situation: Situation, _ settings: RetentionSettings) -> Bool {
        guard let limit = settings.freeBytes, let free = situation.free else { return false }
        return free < limit
    }
}
