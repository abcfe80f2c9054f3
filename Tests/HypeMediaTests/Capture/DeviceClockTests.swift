import HypeCore
import HypeMedia
import Testing

@Suite("Clock of a sound device")
struct DeviceClockTests {
    /// Runs of 10 ms whose arrivals are late by chance; returns the largest error after the first ten seconds.
    private func largestError(
        ppm: Double,
        minutes: Int,
        lateness: (inout SplitMix64) -> Double,
        clock: inout DeviceClock
    ) -> Double {
        var random = SplitMix64(seed: 1)
        var worst = 0.0
        let rate = 48_000 * (1 + ppm * 1e-6)
        for run in 1...(minutes * 6000) {
            let end = Int64(run * 480)
            let taken = 5 + Double(end) / rate
            clock.observe(end: end, arrival: MediaTime(seconds: taken + lateness(&random)), age: nil)
            if run > 1000, let time = clock.time(of: Double(end)) { worst = max(worst, abs(time.seconds - taken)) }
        }
        return worst
    }

    @Test("follows a drift for hours through jitter", arguments: [-300.0, -20, 0, 35, 300])
    func followsDrift(ppm: Double) {
        var clock = DeviceClock(rate: 48_000)
        let worst = largestError(
            ppm: ppm,
            minutes: 120,
            lateness: { random in
                // A machine under load: up to 8 ms, each fiftieth run 80 ms.
                random.uniform() * (random.index(below: 50) == 0 ? 0.08 : 0.008)
            },
            clock: &clock
        )
        #expect(worst < 0.003)
        #expect(abs(clock.driftPPM - ppm) < 15)
    }

    @Test("follows samples that come in bunches of 200 ms")
    func followsBunches() {
        var clock = DeviceClock(rate: 48_000)
        var worst = 0.0
        for run in 1...60_000 {
            let end = Int64(run * 480)
            let bunch = Double((run + 19) / 20) * 0.2
            clock.observe(end: end, arrival: MediaTime(seconds: bunch + 0.001), age: nil)
            if run > 1000, let time = clock.time(of: Double(end)) {
                worst = max(worst, abs(time.seconds - Double(end) / 48_000))
            }
        }
        #expect(worst < 0.003)
    }

    @Test("notices lost samples within two seconds and keeps the drift")
    func noticesLoss() throws {
        var clock = DeviceClock(rate: 48_000)
        let rate = 48_000 * (1 + 200e-6)
        var jumps = 0
        for run in 1...12_000 {
            let end = Int64(run * 480)
            // After a minute the device loses 500 ms.
            let loss = run > 6000 ? 0.5 : 0
            let taken = Double(end) / rate + loss
            if clock.observe(end: end, arrival: MediaTime(seconds: taken), age: nil) { jumps += 1 }
            if run > 6200 {
                let time = try #require(clock.time(of: Double(end)))
                #expect(abs(time.seconds - taken) < 0.002)
            }
        }
        #expect(jumps == 1)
        #expect(abs(clock.driftPPM - 200) < 5)
    }

    @Test("a backlog that shrinks is followed at once")
    func followsShrinkingBacklog() throws {
        var clock = DeviceClock(rate: 48_000)
        for run in 1...3000 {
            let end = Int64(run * 480)
            let taken = Double(end) / 48_000
            // The first ten seconds come 0.8 s late; then the backlog is handed over at once.
            clock.observe(end: end, arrival: MediaTime(seconds: taken + (run > 1000 ? 0 : 0.8)), age: nil)
            guard run > 1000 else { continue }
            let time = try #require(clock.time(of: Double(end)))
            #expect(abs(time.seconds - taken) < 0.002)
        }
    }

    @Test("a machine that stands still for a second is no loss")
    func survivesStandstill() throws {
        var clock = DeviceClock(rate: 48_000)
        var jumps = 0
        for run in 1...12_000 {
            let end = Int64(run * 480)
            let taken = Double(end) / 48_000
            // At 60 s nobody is served for 0.9 s; then everything comes at once.
            let arrival = (60...60.9).contains(taken) ? 60.9 : taken
            if clock.observe(end: end, arrival: MediaTime(seconds: arrival), age: nil) { jumps += 1 }
            if run > 1000 {
                let time = try #require(clock.time(of: Double(end)))
                #expect(abs(time.seconds - taken) < 0.003)
            }
        }
        #expect(jumps == 0)
    }

    @Test("takes the delay that the device reports off")
    func takesDelayOff() throws {
        var clock = DeviceClock(rate: 48_000)
        for run in 1...3000 {
            let end = Int64(run * 480)
            let arrival = Double(end) / 48_000 + 0.15
            clock.observe(end: end, arrival: MediaTime(seconds: arrival), age: .milliseconds(150))
        }
        let time = try #require(clock.time(of: 48_000 * 30))
        #expect(abs(time.seconds - 30) < 0.001)
    }

    @Test("knows nothing before the first samples")
    func knowsNothing() {
        #expect(DeviceClock(rate: 48_000).time(of: 0) == nil)
        #expect(DeviceClock(rate: 0).driftPPM == 0)
    }
}

@Suite("Delay that a device reports")
struct LatencyFilterTests {
    @Test("a wall clock that is set does not move it")
    func survivesSetClock() {
        var filter = LatencyFilter()
        for second in 0..<300 {
            // At 100 s the wall clock is set by 200 ms; the device's time stamps take half a minute to follow.
            let strayed = (100..<130).contains(second)
            filter.observe(.milliseconds(strayed ? 220 : 20), at: MediaTime(seconds: Double(second)))
            #expect(filter.latency == .milliseconds(20) || second < 5)
        }
    }

    @Test("another delay is believed after a minute")
    func believesAfterMinute() {
        var filter = LatencyFilter()
        for second in 0..<200 {
            filter.observe(.milliseconds(second < 50 ? 20 : 180), at: MediaTime(seconds: Double(second)))
            if second == 100 { #expect(filter.latency == .milliseconds(20)) }
        }
        #expect(filter.latency == .milliseconds(180))
    }

    @Test("small changes are followed slowly")
    func followsSlowly() {
        var filter = LatencyFilter()
        for second in 0..<60 {
            filter.observe(.milliseconds(second < 10 ? 20 : 25), at: MediaTime(seconds: Double(second)))
            if second == 12 { #expect(filter.latency < .milliseconds(21)) }
        }
        #expect(abs((filter.latency - .milliseconds(25)).nanoseconds) < 100_000)
    }

    @Test("delays that no device has are not believed", arguments: [-2, -1, 2, 3600])
    func disbelieves(seconds: Int) {
        var filter = LatencyFilter()
        for second in 0..<200 { filter.observe(.seconds(seconds), at: MediaTime(seconds: Double(second))) }
        #expect(filter.latency == .zero)
    }
}

@Suite("Time stamps of devices")
struct DeviceStampTests {
    @Test("are read by the clock that they fit")
    func readsBothClocks() {
        let (monotonic, wall): (Int64, Int64) = (5_000_000_000_000, 1_700_000_000_000_000_000)
        let age = Duration.milliseconds(40)
        #expect(DeviceStamp.age(stamp: monotonic - 40_000_000, monotonic: monotonic, wall: wall) == age)
        #expect(DeviceStamp.age(stamp: wall - 40_000_000, monotonic: monotonic, wall: wall) == age)
    }

    @Test("that fit neither say nothing", arguments: [0, -1, Int64.max, Int64.min, 1_700_000_002_000_000_000])
    func saysNothing(stamp: Int64) {
        let (monotonic, wall): (Int64, Int64) = (5_000_000_000_000, 1_700_000_000_000_000_000)
        #expect(DeviceStamp.age(stamp: stamp, monotonic: monotonic, wall: wall) == nil)
    }
}

@Suite("Bringing sound to its place")
struct SyncDecisionTests {
    @Test("at its place it is stretched by the drift alone")
    func stretchesByDrift() {
        #expect(SyncDecision.decide(distance: 0, driftPPM: 300, rate: 48_000) == .stretch(ppm: -300))
        #expect(SyncDecision.decide(distance: 0, driftPPM: -50, rate: 48_000) == .stretch(ppm: 50))
    }

    @Test("near its place it is stretched towards it")
    func stretchesTowards() {
        // 2.4 samples in 5 s of 48,000 are 10 millionths.
        #expect(SyncDecision.decide(distance: 2.4, driftPPM: 0, rate: 48_000) == .stretch(ppm: 10))
        #expect(SyncDecision.decide(distance: -1900, driftPPM: 0, rate: 48_000) == .stretch(ppm: -3000))
    }

    @Test("far from its place it is moved")
    func moves() {
        #expect(SyncDecision.decide(distance: 2400, driftPPM: 300, rate: 48_000) == .shift(samples: 2400))
        #expect(SyncDecision.decide(distance: -48_000.4, driftPPM: 0, rate: 48_000) == .shift(samples: -48_000))
    }
}
