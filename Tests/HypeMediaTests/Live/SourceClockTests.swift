import HypeCore
import HypeMedia
import Testing

struct SourceClockTests {
    /// Feeds stamps in seconds, each packet 0.04 s long, and gives the placed times.
    private func place(
        _ clock: inout SourceClock,
        _ raw: [Double],
        arrival: [Double],
        track: TrackID = .picture
    ) -> [Double] {
        zip(raw, arrival).map { raw, arrival in
            let time = MediaTime(seconds: raw)
            let offset = clock.offset(
                of: track,
                decodingTime: time,
                duration: .milliseconds(40),
                arrival: MediaTime(seconds: arrival)
            )
            return ((time + offset).seconds * 1000).rounded() / 1000
        }
    }

    @Test func placesAForeignClockByTheFirstArrival() {
        var clock = SourceClock(.byArrival)
        #expect(place(&clock, [5000, 5000.04, 5000.08], arrival: [12, 12.5, 12.6]) == [12, 12.04, 12.08])
        // The other track keeps its distance, although it comes later.
        #expect(place(&clock, [5000.01], arrival: [13], track: .sound) == [12.01])
        #expect(clock.jumps == 0)
    }

    @Test func neverGoesBackAfterAnInterruption() {
        var clock = SourceClock(.byArrival, after: MediaTime(seconds: 30))
        #expect(place(&clock, [7], arrival: [20]) == [30])
        var later = SourceClock(.byArrival, after: MediaTime(seconds: 30))
        #expect(place(&later, [7], arrival: [45]) == [45])
    }

    @Test func closesALeapOfAllTracksAlike() {
        var clock = SourceClock(.byArrival)
        _ = place(&clock, [100, 100.04], arrival: [1, 1.04])
        _ = place(&clock, [100.0, 100.02], arrival: [1, 1.04], track: .sound)
        // A discontinuity of HLS: the clock starts over, the stream goes on at once.
        #expect(place(&clock, [0, 0.04], arrival: [1.08, 1.12]) == [1.08, 1.12])
        #expect(place(&clock, [0.01], arrival: [1.1], track: .sound) == [1.09])
        #expect(clock.jumps == 1)
    }

    @Test(arguments: [(4_294_967.296, 1000.0), (95_443.7176888889, 90_000.0)])
    func runsOnWhereStampsWrap(limit: Double, rate: Double) {
        var clock = SourceClock(.byArrival)
        let before = place(&clock, [limit - 0.08, limit - 0.04], arrival: [10, 10.04])
        let after = place(&clock, [0, 0.04], arrival: [10.08, 10.12])
        #expect(before == [10, 10.04])
        #expect(after == [10.08, 10.12])
    }

    @Test func aPauseOfTheSourceStaysAPause() {
        var clock = SourceClock(.byArrival)
        #expect(place(&clock, [0, 0.04, 30], arrival: [5, 5.04, 35]) == [5, 5.04, 35])
    }

    @Test func aLeapAheadWithoutAPauseIsNotAHole() {
        var clock = SourceClock(.byArrival)
        #expect(place(&clock, [0, 0.04, 900], arrival: [5, 5.04, 5.08]) == [5, 5.04, 5.08])
    }

    @Test func keepsStampsOfTheSessionsClock() {
        var clock = SourceClock(.given(wrap: .milliseconds(1 << 32)))
        #expect(place(&clock, [3, 3.04, 60], arrival: [3.1, 3.2, 60.1]) == [3, 3.04, 60])
        #expect(clock.jumps == 0)
    }

    @Test func unrollsTheSessionsClockAfterItsWrap() {
        let wrap = 4_294_967.296
        var clock = SourceClock(.given(wrap: .milliseconds(1 << 32)))
        let placed = place(&clock, [wrap - 0.04, 0, 0.04], arrival: [wrap, wrap + 0.01, wrap + 0.05])
        #expect(placed == [wrap - 0.04, wrap, wrap + 0.04])
        // A worker that starts after the wrap finds the same place.
        var fresh = SourceClock(.given(wrap: .milliseconds(1 << 32)))
        #expect(place(&fresh, [10], arrival: [wrap + 10.2]) == [wrap + 10])
    }

    @Test func aFileBeginsAtZero() {
        var clock = SourceClock(.fromZero, beginning: MediaTime(seconds: 1.4))
        #expect(place(&clock, [1.4, 1.44], arrival: [9, 9]) == [0, 0.04])
        #expect(place(&clock, [800], arrival: [9]) == [0.08])
    }
}
