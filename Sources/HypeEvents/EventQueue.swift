import DequeModule
package import HypeCore

/// What waits for one subscriber: first what it missed, then what happens.
///
/// A pure state machine. While the subscriber is catching up, kept events are not collected: they are in the store, so it
/// is enough to know that there is more. The switch to live happens where nothing that was announced is unread; since
/// events are announced in the order of their numbers, this leaves neither gap nor repetition.
package struct EventQueue: Sendable {
    /// What became of an event.
    package enum Verdict: Hashable, Sendable {
        /// It waits to be read, or will be read from the store, or is not for this subscriber.
        case taken
        /// A gauge had to be given up: this one or an older one.
        case dropped
        /// The queue is full of events that must not be lost; the subscription has ended.
        case ended
        /// The subscription had ended before.
        case gone
    }

    /// How the subscription stands.
    package enum State: Hashable, Sendable {
        /// Reads what it missed from the store.
        case catchingUp
        /// Follows what happens.
        case live
        /// Reads what waits, then ends.
        case closing
        /// Ended because it read too slowly.
        case lagging
        /// Ended because nobody reads any more.
        case cancelled
    }

    /// How the subscription stands.
    package private(set) var state: State
    private let session: String?
    private let capacity: Int
    private var waiting: Deque<EventRecord> = []
    private var gauges = 0
    /// The highest number that was announced while catching up.
    private var announced: Int64 = 0
    private var announcedBeforePage: Int64 = 0
    /// The highest number that the subscriber has seen.
    private var seen: Int64

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - after: The last number that the subscriber knows; nil to begin with what happens next.
    ///   - session: Only events of this session; nil for all.
    ///   - capacity: Events that may wait, at least 1.
    package init(after: Int64?, session: String?, capacity: Int) {
        state = after == nil ? .live : .catchingUp
        self.session = session
        self.capacity = max(1, capacity)
        seen = max(0, after ?? 0)
    }

    /// Events that wait.
    package var count: Int { waiting.count }

    /// Takes in an event that was published.
    package mutating func offer(_ record: EventRecord) -> Verdict {
        guard state == .live || state == .catchingUp else { return .gone }
        guard session == nil || record.sessionId == session else { return .taken }
        if record.id > 0 {
            if state == .catchingUp {
                announced = max(announced, record.id)
                return .taken
            }
            guard record.id > seen else { return .taken }
        } else if state == .catchingUp, !record.kind.isKept {
            // The next gauge says it anew.
            return .dropped
        }
        var verdict = Verdict.taken
        if waiting.count >= capacity {
            if gauges > 0, let oldest = waiting.firstIndex(where: { !$0.kind.isKept }) {
                waiting.remove(at: oldest)
                gauges -= 1
                verdict = .dropped
            } else if !record.kind.isKept {
                return .dropped
            } else {
                end(.lagging)
                return .ended
            }
        }
        if !record.kind.isKept { gauges += 1 }
        waiting.append(record)
        return verdict
    }

    /// Corrects a number that the log has not reached, such as one from before the data folder was emptied.
    ///
    /// - Parameter last: The number of the log's latest entry.
    package mutating func begin(notAfter last: Int64) {
        guard state == .catchingUp else { return }
        seen = min(seen, last)
    }

    /// Takes note that the next page is about to be read.
    ///
    /// - Returns: The number after which the page begins.
    package mutating func startPage() -> Int64 {
        announcedBeforePage = announced
        return seen
    }

    /// Takes note of the page that was read from the store since ``startPage()``.
    ///
    /// - Parameters:
    ///   - last: The number of its last entry; nil for an empty page.
    ///   - isLast: Whether the page had room for more, so that it holds all that was announced before it was read.
    package mutating func endPage(last: Int64?, isLast: Bool) {
        if let last { seen = max(seen, last) }
        guard state == .catchingUp, isLast else { return }
        // What was announced and is not there any more has been forgotten since.
        seen = max(seen, announcedBeforePage)
        if announced <= seen { state = .live }
    }

    /// The next event that waits; nil where nothing does.
    package mutating func next() -> EventRecord? {
        guard let record = waiting.popFirst() else { return nil }
        if !record.kind.isKept { gauges -= 1 }
        if record.id > 0 { seen = record.id }
        return record
    }

    /// Ends the subscription.
    ///
    /// - Parameter reason: ``State/closing`` leaves what waits to be read; the others discard it.
    package mutating func end(_ reason: State) {
        guard state == .live || state == .catchingUp || reason == .cancelled else { return }
        state = reason
        if reason != .closing {
            waiting = []
            gauges = 0
        }
    }
}
