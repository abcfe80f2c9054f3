import DequeModule
package import HypeServer

/// The latest reports of a session's detectors, for pages that are opened in the middle of it.
package struct RecentSignals: Sendable {
    /// Most reports that are held: about ten minutes of three detectors, under 2 MiB.
    package static let limit = 2400

    private var reports: Deque<SignalReport> = []

    /// Creates an empty store.
    package init() {}

    /// The reports, in the order in which they came.
    package var all: [SignalReport] { Array(reports) }

    /// Adds a report; the oldest one goes where there are too many.
    package mutating func add(_ report: SignalReport) {
        if reports.count == Self.limit { reports.removeFirst() }
        reports.append(report)
    }
}
