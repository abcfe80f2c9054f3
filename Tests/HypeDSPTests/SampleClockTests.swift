import HypeCore
import HypeDSP
import Testing

@Suite
struct SampleClockTests {
    @Test
    func roundedTimeStampsAreContinuous() {
        var clock = SampleClock()
        #expect(clock.advance(over: block(at: 0)) == nil)
        #expect(clock.advance(over: block(at: 0.101)) == nil)
        #expect(clock.advance(over: block(at: 0.2)) == nil)
    }

    @Test
    func breakIsTheStretchWithoutSound() {
        var clock = SampleClock()
        _ = clock.advance(over: block(at: 1))
        #expect(clock.advance(over: block(at: 3)) == MediaInterval(seconds: 1.1..<3))
        #expect(clock.advance(over: block(at: 3.1)) == nil)
    }

    @Test
    func jumpBackIsAnEmptyBreak() {
        var clock = SampleClock()
        _ = clock.advance(over: block(at: 10))
        #expect(clock.advance(over: block(at: 2)) == MediaInterval(seconds: 2..<2))
    }

    private func block(at seconds: Double) -> AudioBlock {
        AudioBlock(start: MediaTime(seconds: seconds), samples: [Float](repeating: 0, count: 1600))
    }
}
