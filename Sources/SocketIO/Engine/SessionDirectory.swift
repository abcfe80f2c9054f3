package import NIOCore

/// Which sessions there are, and for a while what is still owed to clients of sessions that are over.
///
/// A client may close its session by POST while its poll is still on the way on another connection. The poll then finds
/// a tombstone, takes the farewell, and the tombstone is gone.
package struct SessionDirectory<Session: Sendable>: Sendable {
    /// What is known about an id.
    package enum Entry: Sendable {
        /// The session goes on.
        case live(Session)
        /// The session is over; its client gets this once.
        case farewell([WireMessage])
    }

    private var live: [String: Session] = [:]
    private var tombstones: [String: [WireMessage]] = [:]
    private var order: [(id: String, deadline: NIODeadline)] = []
    private var tombstoneBytes = 0
    private let maximumTombstones: Int
    private let maximumTombstoneBytes: Int
    private let tombstoneLifetime: TimeAmount

    /// Creates an empty directory.
    ///
    /// - Parameters:
    ///   - maximumTombstones: How many farewells are kept; the oldest goes first.
    ///   - maximumTombstoneBytes: How large they may be together; the oldest goes first.
    ///   - tombstoneLifetime: How long a farewell is kept.
    package init(
        maximumTombstones: Int = 4096,
        maximumTombstoneBytes: Int = 16 << 20,
        tombstoneLifetime: TimeAmount = .seconds(30)
    ) {
        self.maximumTombstones = maximumTombstones
        self.maximumTombstoneBytes = maximumTombstoneBytes
        self.tombstoneLifetime = tombstoneLifetime
    }

    /// How many sessions go on.
    package var count: Int { live.count }

    /// How many farewells wait.
    package var tombstoneCount: Int { tombstones.count }

    /// All sessions that go on.
    package var sessions: [Session] { Array(live.values) }

    /// Enters a session.
    package mutating func insert(_ session: Session, id: String) { live[id] = session }

    /// Takes a session out.
    ///
    /// - Parameters:
    ///   - id: The session's id.
    ///   - farewell: What a late poll still gets; empty for nothing.
    ///   - now: The time.
    package mutating func remove(id: String, farewell: [WireMessage], now: NIODeadline) {
        live[id] = nil
        expire(now: now)
        guard !farewell.isEmpty else { return }
        tombstones[id] = farewell
        tombstoneBytes += Self.size(farewell)
        order.append((id, now + tombstoneLifetime))
        while order.count > maximumTombstones || tombstoneBytes > maximumTombstoneBytes {
            _ = takeTombstone(order.removeFirst().id)
        }
    }

    /// Looks up an id.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - isPoll: Whether the request is a poll; only that one takes a farewell.
    ///   - now: The time.
    /// - Returns: Nil when there is nothing of that id.
    package mutating func lookUp(id: String, isPoll: Bool, now: NIODeadline) -> Entry? {
        if let session = live[id] { return .live(session) }
        guard isPoll else { return nil }
        expire(now: now)
        guard let farewell = takeTombstone(id) else { return nil }
        order.removeAll { $0.id == id }
        return .farewell(farewell)
    }

    private mutating func expire(now: NIODeadline) {
        let expired = order.prefix { $0.deadline <= now }
        for tombstone in expired { _ = takeTombstone(tombstone.id) }
        order.removeFirst(expired.count)
    }

    private mutating func takeTombstone(_ id: String) -> [WireMessage]? {
        guard let farewell = tombstones.removeValue(forKey: id) else { return nil }
        tombstoneBytes -= Self.size(farewell)
        return farewell
    }

    private static func size(_ farewell: [WireMessage]) -> Int { farewell.reduce(0) { $0 + $1.byteCount } }
}
