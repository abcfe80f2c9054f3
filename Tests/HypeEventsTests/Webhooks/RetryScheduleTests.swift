import Foundation
import HypeCore
import HypeEvents
import Testing

@Suite
struct RetryScheduleTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    private func verdict(_ result: WebhookResult, attempts: Int = 1, _ schedule: RetrySchedule) -> RetrySchedule.Verdict
    {
        var generator = SplitMix64(seed: 1)
        return schedule.verdict(on: result, attempts: attempts, now: now, using: &generator)
    }

    private var even: RetrySchedule {
        var schedule = RetrySchedule()
        schedule.jitter = 0
        return schedule
    }

    @Test
    func pausesGrowToTheLongestAndAreAboutTwentyHoursInAll() {
        var generator = SplitMix64(seed: 1)
        let pauses = (1...9).map { even.pause(after: $0, using: &generator).inSeconds }
        #expect(pauses == [5, 20, 80, 320, 1280, 5120, 20_480, 21_600, 21_600])
        #expect((19.0...20.0).contains(pauses.reduce(0, +) / 3600))
        #expect(even.pause(after: .max, using: &generator) == .seconds(21_600))
    }

    @Test
    func jitterStaysWithinItsPart() {
        var generator = SplitMix64(seed: 1)
        let pauses = (0..<1000).map { _ in RetrySchedule().pause(after: 1, using: &generator).inSeconds }
        #expect(pauses.allSatisfy { (4.0...6.0).contains($0) })
        #expect((pauses.min() ?? 5) < 4.1 && (pauses.max() ?? 5) > 5.9)
    }

    @Test(arguments: [200, 201, 204, 299])
    func successArrives(status: Int) {
        #expect(verdict(.reply(status: status, retryAfter: nil), even) == .delivered)
    }

    @Test(arguments: [404, 408, 425, 429, 500, 502, 503, 504, 599])
    func whatMayPassIsRepeated(status: Int) {
        #expect(verdict(.reply(status: status, retryAfter: nil), even) == .retry(at: now.addingTimeInterval(5)))
        #expect(
            verdict(.reply(status: status, retryAfter: nil), attempts: 9, even)
                == .retry(at: now.addingTimeInterval(21_600))
        )
        #expect(verdict(.reply(status: status, retryAfter: nil), attempts: 10, even) == .dead)
    }

    @Test(arguments: [300, 301, 302, 307, 308, 400, 401, 403, 405, 409, 413, 415, 418, 422, 451, 100, 600])
    func aRefusalIsFinal(status: Int) {
        #expect(verdict(.reply(status: status, retryAfter: 5), even) == .dead)
    }

    @Test
    func goneRemovesTheWebhook() {
        #expect(verdict(.reply(status: 410, retryAfter: nil), even) == .unsubscribed)
    }

    @Test
    func noAnswerIsRepeatedAndAForbiddenPlaceIsNot() {
        #expect(verdict(.unreachable("nothing listens there"), even) == .retry(at: now.addingTimeInterval(5)))
        #expect(verdict(.refused("leads to this machine"), even) == .dead)
    }

    @Test(arguments: [(0.0, 5.0), (3, 5), (60, 60), (1e9, 86_400), (1e300, 86_400), (.infinity, 86_400), (-5, 5)])
    func aReceiverMayAskForMorePatienceWithinLimits(asked: Double, pause: Double) {
        #expect(verdict(.reply(status: 429, retryAfter: asked), even) == .retry(at: now.addingTimeInterval(pause)))
    }

    @Test(arguments: [
        ("120", 120.0), (" 7 ", 7), ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("Tue, 14 Nov 2023 22:12:20 GMT", 0),
    ])
    func readsRetryAfter(text: String, seconds: Double) {
        #expect(WebhookResult.retryAfter(text, now: now) == seconds)
    }

    @Test(arguments: ["", "-1", "1.5", "soon", "Tue, 14 Nov 2023 22:14:20", "٣"])
    func othersAreNoRetryAfter(text: String) {
        #expect(WebhookResult.retryAfter(text, now: now) == nil)
    }
}
