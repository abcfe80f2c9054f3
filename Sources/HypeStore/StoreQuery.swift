package import Foundation
package import HypeCore

/// Which page of a list is wanted.
package struct PageQuery: Hashable, Sendable {
    /// How many entries a page may have.
    package static let limits = 1...200

    /// Entries on the page, clamped to ``limits``.
    package var limit: Int
    /// Where the page begins: ``Page/next`` of the page before; nil for the first.
    package var cursor: String?

    /// Creates a query.
    package init(limit: Int = 50, cursor: String? = nil) {
        self.limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
        self.cursor = cursor
    }
}

/// A page of a list.
package struct Page<Element: Sendable>: Sendable {
    /// The entries.
    package var items: [Element]
    /// The cursor of the next page; nil on the last one.
    ///
    /// An opaque text of letters, digits, `-` and `_`.
    package var next: String?

    /// Creates a page.
    package init(items: [Element], next: String?) {
        self.items = items
        self.next = next
    }
}

/// Which clips are wanted; all conditions must hold.
package struct ClipQuery: Hashable, Sendable {
    /// Which page.
    package var page: PageQuery
    /// Only clips of this session.
    package var session: String?
    /// Only clips of this channel.
    package var channel: String?
    /// Only clips that are (not) to be kept.
    package var keep: Bool?
    /// Only clips in which this kind of signal spoke.
    package var kind: SignalKind?
    /// Only clips created at this time or later.
    package var since: Date?
    /// Only clips created before this time.
    package var until: Date?
    /// Only clips whose title contains this text, without regard to case.
    package var title: String?

    /// Creates a query for all clips.
    package init(page: PageQuery = PageQuery()) { self.page = page }
}

/// What to change in a clip; nil leaves a field as it is.
package struct ClipChange: Hashable, Sendable {
    /// A new headline.
    package var title: String?
    /// Whether retention must leave it alone.
    package var keep: Bool?
    /// New hashtags.
    package var hashtags: [String]?

    /// Creates a change.
    package init(title: String? = nil, keep: Bool? = nil, hashtags: [String]? = nil) {
        self.title = title
        self.keep = keep
        self.hashtags = hashtags
    }
}

/// How much there is.
package struct ClipTotals: Hashable, Sendable, Codable {
    /// Clips.
    package var clips: Int
    /// Bytes of their files.
    package var bytes: Int64

    /// Creates totals.
    package init(clips: Int, bytes: Int64) {
        self.clips = clips
        self.bytes = bytes
    }
}

/// Which moments are wanted; all conditions must hold.
package struct MomentQuery: Hashable, Sendable {
    /// Which page.
    package var page: PageQuery
    /// Only moments of this session.
    package var session: String?
    /// Only moments with this decision.
    package var decision: Moment.Decision?

    /// Creates a query for all moments.
    package init(page: PageQuery = PageQuery()) { self.page = page }
}
