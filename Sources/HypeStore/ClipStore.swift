package import Foundation
package import HypeCore

/// Where clips, sessions, moments, events and deletions are kept.
///
/// Every implementation passes the same test suite. All methods may be called from any task at the same time; each is one
/// transaction: it happens wholly or not at all, and is on disk when it returns. Times are kept to the millisecond. A call by
/// a task that is cancelled may throw ``StoreError/Code/failed``, having done nothing.
package protocol ClipStore: Sendable {
    // MARK: Clips

    /// Adds a clip.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/duplicate`` where the identifier is taken.
    func insert(_ clip: Clip) async throws(StoreError)
    /// The clip with an identifier, or nil.
    func clip(_ id: String) async throws(StoreError) -> Clip?
    /// A page of clips, the newest first.
    func clips(_ query: ClipQuery) async throws(StoreError) -> Page<Clip>
    /// The same page, each clip as the JSON that ``DocumentJSON`` writes of it.
    ///
    /// A list of clips is the most frequent question; a store that keeps clips as JSON need not read and write it again.
    func clipDocuments(_ query: ClipQuery) async throws(StoreError) -> Page<Data>
    /// Changes what a person may change.
    ///
    /// - Returns: The clip after the change.
    /// - Throws: ``StoreError`` with ``StoreError/Code/notFound`` where there is no such clip.
    func update(_ id: String, _ change: ClipChange) async throws(StoreError) -> Clip
    /// Replaces what the program said about a clip by something better.
    ///
    /// What a person changed since `previous` was stored stays: headline and hashtags where they differ from it,
    /// ``Clip/keep`` always. ``Clip/createdAt``, ``Clip/sessionId`` and ``Clip/channel`` stay too.
    ///
    /// - Parameters:
    ///   - clip: The better document, with the same identifier.
    ///   - previous: The document that was stored before.
    /// - Returns: The clip as it is stored now.
    /// - Throws: ``StoreError`` with ``StoreError/Code/notFound`` where there is no such clip.
    func improve(_ clip: Clip, over previous: Clip) async throws(StoreError) -> Clip
    /// Removes a clip and records the deletion in the same transaction.
    ///
    /// - Returns: False where there was no such clip; nothing is recorded then.
    func remove(_ id: String, recording deletion: Deletion) async throws(StoreError) -> Bool
    /// How many clips there are and how much space their files take.
    func totals() async throws(StoreError) -> ClipTotals
    /// Clips that retention may remove (not ``Clip/keep``), the oldest first.
    func expendable(limit: Int) async throws(StoreError) -> [Clip]

    // MARK: Deletions

    /// Records a deletion of something that is not a clip.
    func record(_ deletion: Deletion) async throws(StoreError)
    /// A page of deletions, the newest first.
    func deletions(_ query: PageQuery) async throws(StoreError) -> Page<Deletion>

    // MARK: Sessions

    /// Adds a session or replaces the one with its identifier.
    func save(_ session: Session) async throws(StoreError)
    /// The session with an identifier, or nil.
    func session(_ id: String) async throws(StoreError) -> Session?
    /// A page of sessions, the newest first.
    func sessions(_ query: PageQuery) async throws(StoreError) -> Page<Session>
    /// Sessions that were not over when the server ended, to be marked as failed at the next start.
    func unfinishedSessions() async throws(StoreError) -> [Session]

    // MARK: Moments

    /// Adds moments or replaces those with their session and number.
    func save(_ moments: [MomentRecord]) async throws(StoreError)
    /// A page of moments, the newest first.
    func moments(_ query: MomentQuery) async throws(StoreError) -> Page<MomentRecord>

    // MARK: Events

    /// Appends to the event log.
    ///
    /// - Returns: The entry with its number.
    /// - Throws: ``StoreError`` where the store cannot be written.
    func append(
        _ kind: EventKind,
        session: String?,
        payload: Data,
        at time: Date
    ) async throws(StoreError)
        -> EventRecord
    /// Entries after a number, the oldest first.
    ///
    /// - Parameters:
    ///   - id: The last number that is known; 0 for the beginning.
    ///   - session: Only entries of this session; nil for all.
    ///   - limit: At most so many, 1…1000.
    /// - Returns: The entries.
    /// - Throws: ``StoreError`` where the store cannot be read.
    func events(after id: Int64, session: String?, limit: Int) async throws(StoreError) -> [EventRecord]
    /// The number of the latest entry; 0 for an empty log that never held one.
    func lastEvent() async throws(StoreError) -> Int64
    /// Forgets entries that are older than a time, but never the numbers; deliveries of such events go too once they are over.
    func forgetEvents(before time: Date) async throws(StoreError)

    // MARK: Webhooks

    /// Adds a webhook or replaces the one with its identifier.
    func save(_ webhook: Webhook) async throws(StoreError)
    /// All webhooks, the oldest first.
    func webhooks() async throws(StoreError) -> [Webhook]
    /// Removes a webhook and what was still to be delivered to it.
    ///
    /// - Returns: False where there was no such webhook.
    func removeWebhook(_ id: String) async throws(StoreError) -> Bool
    /// Adds a delivery or replaces the one with its identifier.
    ///
    /// A pending one whose webhook is gone is left out, so that nobody needs to ask before.
    func save(_ delivery: Delivery) async throws(StoreError)
    /// Pending deliveries that are due, the longest due first.
    func dueDeliveries(at time: Date, limit: Int) async throws(StoreError) -> [Delivery]
    /// Pending deliveries to one webhook that are due, the longest due first.
    ///
    /// Each webhook is asked for on its own, so that one with a long queue does not hide the others.
    func dueDeliveries(of webhook: String, at time: Date, limit: Int) async throws(StoreError) -> [Delivery]
    /// The number of the last event that ``enqueue(_:position:)`` took care of; nil before its first call.
    func deliveryPosition() async throws(StoreError) -> Int64?
    /// Adds deliveries and moves ``deliveryPosition()`` in the same transaction.
    ///
    /// Deliveries whose identifier is there already are left as they are, and those of webhooks that are gone are left out.
    ///
    /// - Parameters:
    ///   - deliveries: What is to be sent; often nothing.
    ///   - position: The number of the last event that was looked at.
    /// - Throws: ``StoreError`` where the store cannot be written.
    func enqueue(_ deliveries: [Delivery], position: Int64) async throws(StoreError)
    /// A page of deliveries in a state, those of the newest events first.
    func deliveries(in state: Delivery.State, _ query: PageQuery) async throws(StoreError) -> Page<Delivery>

    // MARK: Life

    /// Whether the store answers; throws the reason where it does not.
    func ping() async throws(StoreError)
    /// Closes connections and files; nothing may be called afterwards.
    func close() async
}

extension ClipStore {
    package func clipDocuments(_ query: ClipQuery) async throws(StoreError) -> Page<Data> {
        let page = try await clips(query)
        do {
            return Page(items: try page.items.map { try DocumentJSON.encode($0) }, next: page.next)
        } catch {
            throw StoreError(.failed, "A clip cannot be written as JSON; this is a mistake in Hypeclip.", cause: error)
        }
    }
}
