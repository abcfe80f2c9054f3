import HypeChat
import Testing

@Suite
struct ReconnectBackoffTests {
    @Test
    func staysBetweenItsBounds() {
        for seed in 0..<50 {
            var backoff = ReconnectBackoff(seed: UInt64(seed))
            var bound = Duration.milliseconds(500)
            for _ in 0..<200 {
                let pause = backoff.failed()
                #expect(pause <= bound && pause >= bound * 0.5)
                bound = min(bound * 2, .seconds(30))
            }
        }
    }

    @Test
    func beginsAnewAfterSuccess() {
        var backoff = ReconnectBackoff(seed: 1)
        for _ in 0..<10 { _ = backoff.failed() }
        backoff.succeeded()
        #expect(backoff.failed() <= .milliseconds(500))
        #expect(backoff.failures == 1)
    }

    @Test
    func differsFromSeedToSeed() {
        let pauses = (0..<20).map { seed in
            var backoff = ReconnectBackoff(seed: UInt64(seed))
            return backoff.failed()
        }
        #expect(Set(pauses).count == 20)
    }
}
