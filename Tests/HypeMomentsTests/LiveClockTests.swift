import HypeCore
import HypeMoments
import Testing

@Suite
struct LiveClockTests {
    private static let second: Int64 = 1_000_000_000

    @Test
    func beforeTheFirstPacketTimeCountsFromTheOrigin() {
        let clock = LiveClock(origin: 5 * Self.second)
        #expect(clock.media(at: 7 * Self.second) == MediaTime(seconds: 2))
        #expect(clock.drift == nil)
    }

    @Test
    func thePacketThatWasFastestTellsTheTruth() {
        var clock = LiveClock(origin: 0)
        var random = SeededGenerator(seed: 3)
        for step in 0..<400 {
            let made = Int64(step) * Self.second / 4
            let jitter = step % 40 == 7 ? 0 : Int64.random(in: 5_000_000...900_000_000, using: &random)
            clock.add(media: MediaTime(nanoseconds: made), arrival: made + 20_000_000 + jitter)
        }
        let now = 99 * Self.second
        let error = clock.media(at: now) - MediaTime(nanoseconds: now - 20_000_000)
        #expect(abs(error.inSeconds) < 1e-6)
    }

    @Test(arguments: [-300.0, -50, 80, 300])
    func theDriftOfTheSendersClockIsFollowed(partsPerMillion: Double) throws {
        var clock = LiveClock(origin: 0)
        var random = SeededGenerator(seed: 9)
        for step in 0..<7_200 {
            let arrival = Int64(step) * Self.second / 4
            let jitter = Int64.random(in: 0...4_000_000, using: &random)
            let media = Double(arrival) * (1 + partsPerMillion / 1e6)
            clock.add(media: MediaTime(nanoseconds: Int64(media)), arrival: arrival + jitter)
        }
        let now: Int64 = 1_800 * Self.second
        let truth = MediaTime(nanoseconds: Int64(Double(now) * (1 + partsPerMillion / 1e6)))
        let error = clock.media(at: now) - truth
        #expect(abs(error.inSeconds) < 0.02)
        let drift = try #require(clock.drift)
        #expect(abs(drift - partsPerMillion) < 15)
    }

    @Test
    func aGapDoesNotMoveTheClock() {
        var clock = LiveClock(origin: 0)
        for step in 0..<40 {
            let at = Int64(step) * Self.second / 4
            clock.add(media: MediaTime(nanoseconds: at), arrival: at + 30_000_000)
        }
        // After a death of the worker old packets come in a burst.
        for step in 0..<40 {
            let at = Int64(step) * Self.second / 4 + 11 * Self.second
            clock.add(media: MediaTime(nanoseconds: at), arrival: 22 * Self.second)
        }
        #expect(clock.media(at: 22 * Self.second) == MediaTime(nanoseconds: 22 * Self.second - 30_000_000))
    }
}

@Suite
struct ChatClockTests {
    private static let second: Int64 = 1_000_000_000

    @Test
    func whatWasUnderWayForLongerIsPlacedEarlier() {
        var clock = ChatClock()
        for step in 0..<30 {
            let sent = Int64(step) * Self.second
            // The platform's clock is 3 s ahead of ours; messages take 80 ms, one takes 900 ms.
            let transit: Int64 = step == 20 ? 900_000_000 : 80_000_000
            let arrival = sent + transit
            let placed = clock.place(sent: sent + 3 * Self.second, arrivedAt: arrival, monotonic: arrival + 77)
            #expect(placed == sent + 80_000_000 + 77)
        }
    }

    @Test(arguments: [-7_200, -30, 30, 7_200])
    func aStepOfTheWallClockMovesNoMessageFar(seconds: Int64) {
        var clock = ChatClock()
        for step in 0..<600 {
            let sent = Int64(step) * Self.second / 4
            let stepped = step >= 300 ? seconds * Self.second : 0
            let placed = clock.place(sent: sent, arrivedAt: sent + 90_000_000 + stepped, monotonic: sent + 90_000_000)
            #expect(abs(placed - sent) <= 90_000_000)
        }
    }

    @Test
    func timesFromNonsenseDoNotTrap() {
        var clock = ChatClock()
        for sent in [Int64.min, 0, .max, -1] {
            let placed = clock.place(sent: sent, arrivedAt: 1, monotonic: 50)
            #expect(placed <= 50)
        }
    }
}
