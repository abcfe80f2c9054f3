import HypeIngest
import Testing

struct WrongKeyLimiterTests {
    private let start = ContinuousClock.now
    private var limiter = WrongKeyLimiter(
        limits: WrongKeyLimiter.Limits(attempts: 3, window: .seconds(60), addresses: 2)
    )

    @Test mutating func makesAnAddressWait() {
        for second in 0..<2 { limiter.noteWrongKey("a", now: start + .seconds(second)) }
        #expect(limiter.wait("a", now: start + .seconds(2)) == nil)
        limiter.noteWrongKey("a", now: start + .seconds(2))
        #expect(limiter.wait("a", now: start + .seconds(12)) == .seconds(50))
        #expect(limiter.wait("b", now: start + .seconds(12)) == nil)
        #expect(limiter.wait("a", now: start + .seconds(62)) == nil)
    }

    @Test mutating func forgetsSlowMistakes() {
        for round in 0..<6 { limiter.noteWrongKey("a", now: start + .seconds(40 * round)) }
        #expect(limiter.wait("a", now: start + .seconds(201)) == nil)
    }

    @Test mutating func forgetsAfterARightKey() {
        for _ in 0..<3 { limiter.noteWrongKey("a", now: start) }
        limiter.noteRightKey("a")
        #expect(limiter.wait("a", now: start) == nil)
    }

    @Test mutating func remembersFewAddresses() {
        for (index, address) in ["a", "b", "c"].enumerated() {
            for _ in 0..<3 { limiter.noteWrongKey(address, now: start + .seconds(index)) }
        }
        #expect(limiter.wait("a", now: start + .seconds(3)) == nil)
        #expect(limiter.wait("c", now: start + .seconds(3)) != nil)
    }
}
