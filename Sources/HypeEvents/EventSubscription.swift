package import HypeCore
import HypeStore

/// The events from a number on, without end: first what the store has, then what happens.
///
/// Numbers rise, and none is left out or comes twice. Events with the number 0 (gauges, and events that the store
/// refused) come between them once and are not replayed. The sequence is read by one task. It ends when the log is closed
/// or the task is cancelled, and throws ``EventFailure`` where it ends before its time; dropping it ends the subscription.
package struct EventSubscription: AsyncSequence, Sendable {
    package typealias Element = EventRecord
    package typealias Failure = EventFailure

    /// Ends the subscription when nobody can read it any more.
    fileprivate final class Lease: Sendable {
        let mailbox: EventMailbox

        init(mailbox: EventMailbox) { self.mailbox = mailbox }

        deinit { mailbox.end(.cancelled) }
    }

    private let lease: Lease
    private let source: Source

    /// What is read to catch up.
    struct Source: Sendable {
        let store: any ClipStore
        let session: String?
        let page: Int
    }

    init(mailbox: EventMailbox, source: Source) {
        lease = Lease(mailbox: mailbox)
        self.source = source
    }

    /// Stops the subscription; whoever waits for the next event gets nil.
    package func cancel() { lease.mailbox.end(.cancelled) }

    package func makeAsyncIterator() -> Iterator { Iterator(lease: lease, source: source) }

    /// Reads one event after the other.
    package struct Iterator: AsyncIteratorProtocol {
        private let lease: Lease
        private let source: Source
        private var page: ArraySlice<EventRecord> = []
        private var hasBegun = false

        fileprivate init(lease: Lease, source: Source) {
            self.lease = lease
            self.source = source
        }

        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(EventFailure) -> EventRecord? {
            while true {
                if Task.isCancelled {
                    lease.mailbox.end(.cancelled)
                    return nil
                }
                if let record = page.popFirst() { return record }
                switch lease.mailbox.take() {
                case .event(let record): return record
                case .catchUp: try await readPage()
                case .nothing: await lease.mailbox.wait()
                case .end(.lagging):
                    throw EventFailure(
                        .lagging,
                        "events were read too slowly; subscribe again with the last number that arrived"
                    )
                case .end: return nil
                }
            }
        }

        private mutating func readPage() async throws(EventFailure) {
            let mailbox = lease.mailbox
            do {
                if !hasBegun {
                    let last = try await source.store.lastEvent()
                    mailbox.change { $0.begin(notAfter: last) }
                    hasBegun = true
                }
                let position = mailbox.change { $0.startPage() }
                let records = try await source.store.events(
                    after: position,
                    session: source.session,
                    limit: source.page
                )
                mailbox.change { $0.endPage(last: records.last?.id, isLast: records.count < source.page) }
                page = records[...]
            } catch {
                mailbox.end(.cancelled)
                throw EventFailure(
                    .unreadable,
                    "earlier events cannot be read now; subscribe again later",
                    cause: error
                )
            }
        }
    }
}
