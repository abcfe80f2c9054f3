import Foundation
import HypeCore
import Testing

@Suite
struct MediaTimeTests {
    @Test(arguments: [
        Timebase(1, 90_000), Timebase(1, 48_000), Timebase(1001, 30_000), Timebase(1, 1000), Timebase(1, 14_112_000),
    ])
    func timeStampsSurviveTheWayThereAndBack(timebase: Timebase) {
        for pts: Int64 in [0, 1, -1, 3_003, 123_456_789, -987_654_321] {
            #expect(MediaTime(pts: pts, timebase: timebase).pts(in: timebase) == pts)
        }
    }

    @Test
    func extremeTimesClampInsteadOfTrapping() {
        #expect(MediaTime(seconds: .infinity).nanoseconds == .max)
        #expect(MediaTime(seconds: -.infinity).nanoseconds == .min)
        #expect(MediaTime(seconds: .nan) == .zero)
        #expect(MediaTime(pts: .max, timebase: Timebase(1, 1)).nanoseconds == .max)
    }

    @Test
    func documentsCarrySeconds() throws {
        let interval = MediaInterval(seconds: 1.5..<2.25)
        let json = try JSONEncoder().encode(interval)
        #expect(try JSONDecoder().decode([String: Double].self, from: json) == ["start": 1.5, "end": 2.25])
        #expect(try JSONDecoder().decode(MediaInterval.self, from: json) == interval)
    }
}

@Suite
struct MediaIntervalTests {
    @Test
    func mergingJoinsNeighboursWithinTheGap() {
        let spans = [4.0..<5, 0.0..<1, 1.5..<2].map { MediaInterval(seconds: $0) }
        #expect(spans.merged(closerThan: .milliseconds(500)) == [0.0..<2, 4..<5].map { MediaInterval(seconds: $0) })
        #expect(spans.merged().count == 3)
    }

    @Test
    func touchingSpansDoNotOverlap() {
        let left = MediaInterval(seconds: 0..<1)
        let right = MediaInterval(seconds: 1..<2)
        #expect(left.touches(right) && !left.overlaps(right))
        #expect(left.intersection(right) == nil)
    }
}
