import HypeCore
import HypeWorkerLink
import Testing

@Suite
struct RequestLedgerTests {
    @Test
    func aRequestIsSentOnceUntilItsWorkerDies() {
        var ledger = RequestLedger(maximumDeaths: 2)
        let number = ledger.add(.probe(path: "a"))
        #expect(ledger.takeUnsent().map(\.request) == [number])
        #expect(ledger.takeUnsent().isEmpty)
        #expect(ledger.workerDied().map(\.verdict) == [.retry])
        #expect(ledger.takeUnsent().map(\.request) == [number])
    }

    @Test
    func aPoisonedRequestIsGivenUp() {
        var ledger = RequestLedger(maximumDeaths: 2)
        _ = ledger.add(.listen(path: "poison"))
        _ = ledger.takeUnsent()
        _ = ledger.workerDied()
        _ = ledger.takeUnsent()
        #expect(ledger.workerDied().map(\.verdict) == [.fail])
        #expect(ledger.isEmpty)
    }

    @Test
    func aLiveStreamIsNeverGivenUp() {
        var ledger = RequestLedger(maximumDeaths: 1)
        let live = ledger.add(.live(LiveRequest(source: .relay(socket: "s"), origin: 0, spool: "spool")))
        let watch = ledger.add(
            .watchLive(LiveWatchRequest(interval: .init(start: .zero, end: .zero), segment: .seconds(4)))
        )
        for _ in 0..<20 {
            #expect(ledger.takeUnsent().first?.request == live)
            let verdicts = ledger.workerDied()
            #expect(verdicts.first?.verdict == .retry)
            #expect(verdicts.dropFirst().allSatisfy { $0.request == watch && $0.verdict == .fail })
        }
    }

    @Test
    func requestsThatWereNotSentAreNotBlamed() {
        var ledger = RequestLedger(maximumDeaths: 1)
        _ = ledger.add(.probe(path: "a"))
        #expect(ledger.workerDied().isEmpty)
        #expect(!ledger.isEmpty && !ledger.isWaiting)
    }

    @Test
    func aRecalledRequestIsNotSentAgain() {
        var ledger = RequestLedger(maximumDeaths: 5)
        let waiting = ledger.add(.diagnose)
        let wasSent = ledger.recall(waiting)
        #expect(!wasSent && ledger.isEmpty, "what nobody has is crossed off")
        let running = ledger.add(.warmUp)
        _ = ledger.takeUnsent()
        #expect(ledger.isWarmingUp)
        let isSent = ledger.recall(running)
        #expect(isSent)
        #expect(ledger.workerDied().map(\.verdict) == [.fail])
        #expect(!ledger.isWarmingUp)
    }

    @Test
    func finishedRequestsAreForgotten() {
        var ledger = RequestLedger()
        let number = ledger.add(.diagnose)
        _ = ledger.takeUnsent()
        #expect(ledger.isWaiting)
        let wasUnderWay = ledger.remove(number)
        let again = ledger.remove(number)
        #expect(wasUnderWay && !again)
        #expect(ledger.workerDied().isEmpty)
    }
}

@Suite
struct BackoffTests {
    @Test
    func pausesDoubleUpToTheLongestAndStartAgainAfterAGoodLife() {
        var backoff = Backoff(first: .seconds(1), longest: .seconds(5), reset: .seconds(60))
        #expect((0..<4).map { _ in backoff.pause(afterLifetime: .zero) } == [1, 2, 4, 5].map { .seconds($0) })
        #expect(backoff.pause(afterLifetime: .seconds(61)) == .seconds(1))
        #expect((0..<200).map { _ in backoff.pause(afterLifetime: .zero) }.last == .seconds(5))
    }
}
