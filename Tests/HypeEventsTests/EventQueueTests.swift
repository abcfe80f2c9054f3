import Foundation
import HypeCore
import HypeEvents
import Testing

@Suite
struct EventQueueTests {
    private func kept(_ id: Int64, session: String? = nil) -> EventRecord {
        EventRecord(id: id, time: .distantPast, kind: .moment, sessionId: session, payload: Data())
    }

    private func gauge(_ session: String? = nil) -> EventRecord {
        EventRecord(id: 0, time: .distantPast, kind: .signal, sessionId: session, payload: Data())
    }

    @Test
    func gaugesAreGivenUpFirst() {
        var queue = EventQueue(after: nil, session: nil, capacity: 2)
        #expect(queue.offer(gauge()) == .taken)
        #expect(queue.offer(kept(1)) == .taken)
        #expect(queue.offer(kept(2)) == .dropped)
        #expect(queue.offer(gauge()) == .dropped)
        #expect(queue.next()?.id == 1)
        #expect(queue.next()?.id == 2)
        #expect(queue.next() == nil)
    }

    @Test
    func aNewerGaugeReplacesAnOlderOne() {
        var queue = EventQueue(after: nil, session: nil, capacity: 1)
        #expect(queue.offer(gauge("old")) == .taken)
        #expect(queue.offer(gauge("new")) == .dropped)
        #expect(queue.next()?.sessionId == "new")
    }

    @Test
    func whoeverReadsTooSlowlyIsEnded() {
        var queue = EventQueue(after: nil, session: nil, capacity: 2)
        #expect([queue.offer(kept(1)), queue.offer(kept(2))] == [.taken, .taken])
        #expect(queue.offer(kept(3)) == .ended)
        #expect(queue.state == .lagging && queue.next() == nil)
        #expect(queue.offer(kept(4)) == .gone)
    }

    @Test
    func onlyTheWantedSessionCounts() {
        var queue = EventQueue(after: nil, session: "a", capacity: 1)
        #expect(queue.offer(kept(1, session: "b")) == .taken)
        #expect(queue.offer(kept(2)) == .taken)
        #expect(queue.offer(kept(3, session: "a")) == .taken)
        #expect(queue.count == 1 && queue.next()?.id == 3)
    }

    @Test
    func theSwitchToLiveWaitsForWhatWasAnnounced() {
        var queue = EventQueue(after: 3, session: nil, capacity: 10)
        #expect(queue.startPage() == 3)
        #expect(queue.offer(kept(6)) == .taken)
        queue.endPage(last: 5, isLast: true)
        #expect(queue.state == .catchingUp)
        #expect(queue.startPage() == 5)
        queue.endPage(last: 7, isLast: true)
        #expect(queue.state == .live)
        // 7 was read from the store before it was announced.
        #expect(queue.offer(kept(7)) == .taken && queue.next() == nil)
        #expect(queue.offer(kept(8)) == .taken && queue.next()?.id == 8)
    }

    @Test
    func aFullPageIsFollowedByAnother() {
        var queue = EventQueue(after: 0, session: nil, capacity: 10)
        _ = queue.startPage()
        queue.endPage(last: 2, isLast: false)
        #expect(queue.state == .catchingUp && queue.startPage() == 2)
    }

    @Test
    func whatWasForgottenIsNotWaitedFor() {
        var queue = EventQueue(after: 0, session: nil, capacity: 10)
        _ = queue.offer(kept(5))
        _ = queue.startPage()
        queue.endPage(last: nil, isLast: true)
        #expect(queue.state == .live)
    }

    @Test
    func aNumberFromAnotherLogIsCorrected() {
        var queue = EventQueue(after: 900, session: nil, capacity: 10)
        queue.begin(notAfter: 4)
        #expect(queue.startPage() == 4)
        queue.endPage(last: nil, isLast: true)
        _ = queue.offer(kept(5))
        #expect(queue.next()?.id == 5)
    }

    @Test
    func catchingUpHoldsNoKeptEventsAndCountsGauges() {
        var queue = EventQueue(after: 0, session: nil, capacity: 1)
        for id in 1...1000 { #expect(queue.offer(kept(Int64(id))) == .taken) }
        #expect(queue.offer(gauge()) == .dropped)
        #expect(queue.count == 0 && queue.state == .catchingUp)
    }

    @Test
    func closingLetsWhatWaitsBeRead() {
        var queue = EventQueue(after: nil, session: nil, capacity: 2)
        _ = queue.offer(kept(1))
        queue.end(.closing)
        #expect(queue.offer(kept(2)) == .gone)
        #expect(queue.next()?.id == 1 && queue.next() == nil && queue.state == .closing)
    }
}
