import HypeCore
import HypeIngest
import Testing

struct SessionClockTests {
    private let start = ContinuousClock.now
    private var clock = SessionClock()

    private mutating func video(_ timestamp: UInt32, at milliseconds: Int) -> Int64 {
        clock.time(of: timestamp, isVideo: true, now: start + .milliseconds(milliseconds))
    }

    private mutating func audio(_ timestamp: UInt32, at milliseconds: Int) -> Int64 {
        clock.time(of: timestamp, isVideo: false, now: start + .milliseconds(milliseconds))
    }

    @Test mutating func keepsSmallBeginnings() {
        #expect(video(21, at: 0) == 21)
        #expect(audio(0, at: 1) == 0)
        #expect(video(54, at: 33) == 54)
    }

    @Test mutating func movesLateBeginningsToZero() {
        #expect(video(5_000_000, at: 0) == 0)
        #expect(video(5_000_033, at: 33) == 33)
    }

    @Test mutating func goesOnWithTheWallClockAfterAReconnect() {
        #expect(video(0, at: 0) == 0)
        #expect(video(1000, at: 1000) == 1000)
        clock.beginConnection()
        #expect(video(0, at: 4500) == 4500)
        #expect(video(33, at: 4533) == 4533)
        #expect(clock.leaps == 0)
    }

    @Test mutating func neverGoesBackAfterAFastPublisher() {
        // A file that was sent faster than real time is ahead of the wall clock when the next publisher comes.
        #expect(video(0, at: 0) == 0)
        for step in 1...100 { #expect(video(UInt32(step * 100), at: step) == Int64(step * 100)) }
        clock.beginConnection()
        #expect(video(0, at: 200) == 10_001)
    }

    @Test mutating func wrapsAt32Bits() {
        #expect(video(0xffff_ffe0, at: 0) == 0)
        #expect(video(0xffff_fffe, at: 30) == 30)
        #expect(video(0x10, at: 48) == 48)
        #expect(audio(0xffff_fff0, at: 49) == 16)
        #expect(video(0x40, at: 96) == 96)
        #expect(clock.leaps == 0)
    }

    @Test mutating func mendsALeapBackOnceForBothTracks() {
        #expect(video(100_000, at: 0) == 0)
        #expect(audio(100_010, at: 10) == 10)
        #expect(video(100_040, at: 40) == 40)
        // The picture's clock begins anew, the sound follows a moment later.
        #expect(video(0, at: 73) == 73)
        #expect(audio(100_042, at: 75) == 42)
        #expect(video(33, at: 106) == 106)
        #expect(audio(11, at: 107) == 84)
        #expect(audio(32, at: 120) == 105)
        #expect(clock.leaps == 1)
    }

    @Test mutating func mendsALeapAhead() {
        #expect(video(0, at: 0) == 0)
        #expect(video(3_600_000, at: 33) == 33)
        #expect(video(3_600_033, at: 66) == 66)
        #expect(clock.leaps == 1)
    }

    @Test mutating func takesAPauseAsOne() {
        #expect(video(0, at: 0) == 0)
        #expect(video(30_000, at: 30_000) == 30_000)
        #expect(clock.leaps == 0)
    }

    @Test(arguments: 0..<12)
    mutating func neverGoesBackNorLeaps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (latest, now): ([Bool: Int64], Int) = ([:], 0)
        var front: Int64 = 0
        var timestamp = UInt32(truncatingIfNeeded: random.next())
        for _ in 0..<4000 {
            let step = random.index(below: 40)
            now += step
            if random.happens(0.005) {
                timestamp = UInt32(truncatingIfNeeded: random.next())
            } else {
                timestamp = timestamp &+ UInt32(step)
            }
            if random.happens(0.002) { clock.beginConnection() }
            let isVideo = random.happens(0.5)
            let jitter = UInt32(random.index(below: 60))
            let time = isVideo ? video(timestamp, at: now) : audio(timestamp &- jitter, at: now)
            #expect(time >= latest[isVideo] ?? 0)
            #expect(time - front <= 2000 + Int64(step))
            latest[isVideo] = time
            front = max(front, time)
        }
    }
}
