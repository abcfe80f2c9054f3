import DequeModule
package import Foundation
package import HypeCore
package import HypeStore
package import Logging

/// The one log behind Socket.IO, Server-Sent Events, webhooks and REST.
///
/// Events that are kept go to the store first and get its number; then all subscribers are told, in the order of the
/// numbers. Gauges go past the store with the number 0. When the store refuses an event, the subscribers of that moment
/// are told all the same, with the number 0: a screen that shows what happens is worth more than silence.
///
/// Each subscriber has a bounded queue (``EventLogSettings/capacity``). When it is full, gauges are given up first; then
/// the subscription ends with ``EventFailure/Code/lagging``, and the client comes back with the last number that it saw.
package actor EventLog {
    private let store: any ClipStore
    private let settings: EventLogSettings
    private let logger: Logger
    private let now: @Sendable () -> Date

    private var mailboxes: [EventMailbox] = []
    private var counters = EventStatistics()
    private var isClosed = false
    private var isRefused = false
    private var isWriting = false
    /// Publishers that wait for their turn; each is a suspended task, so whoever publishes too fast is slowed down.
    private var turns: Deque<CheckedContinuation<Void, Never>> = []

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - store: Where events are kept.
    ///   - settings: Limits.
    ///   - logger: Hears of outages of the store.
    ///   - now: The wall clock.
    package init(
        store: any ClipStore,
        settings: EventLogSettings = EventLogSettings(),
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.now = now
    }

    /// What has become of the events so far.
    package var statistics: EventStatistics {
        var statistics = counters
        statistics.subscribers = mailboxes.count { !$0.isOver }
        return statistics
    }

    /// Tells everyone that something happened.
    ///
    /// - Parameters:
    ///   - kind: What happened.
    ///   - session: The session that it belongs to; nil for the server as a whole.
    ///   - payload: The details; encodes as a JSON object.
    /// - Returns: The entry; nil where the payload cannot be written as JSON, which is logged.
    @discardableResult
    nonisolated package func publish(
        _ kind: EventKind,
        session: String?,
        _ payload: some Encodable & Sendable
    ) async -> EventRecord? {
        do {
            return await announce(kind, session: session, payload: try DocumentJSON.encode(payload))
        } catch {
            logger.error("event cannot be written as JSON", metadata: ["kind": "\(kind)", "error": "\(error)"])
            return nil
        }
    }

    /// Follows the log.
    ///
    /// - Parameters:
    ///   - id: The last number that the subscriber knows, which replays what came after it; nil to begin with what
    ///     happens next. A number that the log has not reached counts as its latest.
    ///   - session: Only events of this session; nil for all.
    /// - Returns: The events. Everything that is published after this call is in it.
    package func subscribe(after id: Int64?, session: String? = nil) -> EventSubscription {
        let queue = EventQueue(after: id, session: session, capacity: settings.capacity)
        let mailbox = EventMailbox(queue: queue)
        mailboxes.removeAll(where: \.isOver)
        if isClosed { mailbox.end(.closing) } else { mailboxes.append(mailbox) }
        let source = EventSubscription.Source(store: store, session: session, page: settings.page)
        return EventSubscription(mailbox: mailbox, source: source)
    }

    /// Ends all subscriptions once they have read what waits for them; later ones end at once.
    ///
    /// Publishing goes on into the store.
    package func close() {
        isClosed = true
        for mailbox in mailboxes { mailbox.end(.closing) }
        mailboxes = []
    }

    private func announce(_ kind: EventKind, session: String?, payload: Data) async -> EventRecord {
        guard kind.isKept else {
            let record = EventRecord(id: 0, time: now(), kind: kind, sessionId: session, payload: payload)
            fanOut(record)
            return record
        }
        await takeTurn()
        defer { endTurn() }
        let time = now()
        // Awaited right here. It only keeps the write from being cancelled with the publisher, which often publishes
        // because it is being cancelled.
        let writing = Task { [store] in
            try await store.append(kind, session: session, payload: payload, at: time)
        }
        var record = EventRecord(id: 0, time: time, kind: kind, sessionId: session, payload: payload)
        switch await writing.result {
        case .success(let kept):
            record = kept
            noteSuccess()
        case .failure(let error):
            noteRefusal(error)
        }
        fanOut(record)
        return record
    }

    private func fanOut(_ record: EventRecord) {
        counters.published += 1
        mailboxes.removeAll { mailbox in
            switch mailbox.offer(record) {
            case .taken: return false
            case .dropped:
                counters.dropped += 1
                return false
            case .ended:
                counters.ended += 1
                return true
            case .gone: return true
            }
        }
    }

    private func noteRefusal(_ error: any Error) {
        counters.unkept += 1
        guard !isRefused else { return }
        isRefused = true
        counters.outages += 1
        logger.error("the store refuses events; they reach subscribers only", metadata: ["error": "\(error)"])
    }

    private func noteSuccess() {
        guard isRefused else { return }
        isRefused = false
        logger.notice("the store takes events again", metadata: ["unkept": "\(counters.unkept)"])
    }

    private func takeTurn() async {
        guard isWriting else {
            isWriting = true
            return
        }
        await withCheckedContinuation { turns.append($0) }
    }

    private func endTurn() {
        if let next = turns.popFirst() { next.resume() } else { isWriting = false }
    }
}
